"""Services: the verbs of the desk, such as ingest, share, deliver, look up, resolve, hold and connect."""
