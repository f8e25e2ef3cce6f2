"""In which orders a story is told: a few of them by seed, all of them in `make fuzz`.

ORDERS is `all` or a seed. `python -m tests` draws one and says it; without it the seed is 0.
"""

import os
import random
from itertools import permutations

WANTED = os.environ.get("ORDERS") or "0"
FEW = 5


def orders(length):
    """The story backwards, and some other ways through it: tuples of its steps' numbers."""
    every = list(permutations(range(length)))
    if WANTED == "all":
        return every
    backwards = tuple(reversed(range(length)))
    return [
        backwards,
        *random.Random(f"{WANTED}/{length}").sample([each for each in every if each != backwards], FEW),
    ]


def shuffled(story, name):
    """A story told in orders of its own: three of them, or eight when all are wanted."""
    chance = random.Random(f"{WANTED}/{name}")
    for _ in range(8 if WANTED == "all" else 3):
        yield chance.sample(story, len(story))
