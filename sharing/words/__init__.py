"""Text craft: counting, sentences, cleaning, cutting, teasers. Pure functions."""
