"""The `sharedesk` command."""
