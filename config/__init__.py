"""Settings, URLs, the command line, and the processes of Sharedesk."""
