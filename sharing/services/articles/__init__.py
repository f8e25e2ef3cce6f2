"""Articles of a desk: find them by their aliases, keep each once, and apply their sources' reports."""
