"""The nouns of the newsroom as frozen values, and the decisions about them. No clock, no input or output."""
