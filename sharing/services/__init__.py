"""The verbs: ingest, share, deliver, look up, resolve, hold, connect, tick."""
