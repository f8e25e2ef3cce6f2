"""Staff: people, their roles, their links and tokens."""
