"""Accounts: connect them with sealed secrets, hand them to channels as values, refresh their tokens."""
