"""Shares: what is asked for becomes deliveries, drafts are written, and both follow their article."""
