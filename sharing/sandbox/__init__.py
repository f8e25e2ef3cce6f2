"""Fake platforms on loopback that refuse what the real ones refuse. Imports nothing of the product."""
