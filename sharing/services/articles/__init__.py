"""Articles of a desk: known by their aliases, kept once, changed with their source."""
