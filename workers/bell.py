"""x."""


def ring(due):
    return None
