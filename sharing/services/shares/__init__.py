"""Shares: a request becomes deliveries; people write drafts; both follow their article."""
