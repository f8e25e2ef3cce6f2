"""Deliveries: claimed, checked, sent once, recorded, looked up where the answer was lost."""
