"""How an Account is reached. Five channels come with the house; others come by the same door."""
