"""The nouns of the newsroom: plain, frozen values and one decision function. No clock, no input or output."""
