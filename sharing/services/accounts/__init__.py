"""Accounts: connected with sealed secrets, handed to channels as values, refreshed and practised with."""
