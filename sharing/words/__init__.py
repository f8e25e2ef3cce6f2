"""Work on texts: counting, sentences, cleaning, cutting, teasers. Pure functions."""
