"""Pages, API, hooks and links: everything that Sharedesk answers over HTTP."""
