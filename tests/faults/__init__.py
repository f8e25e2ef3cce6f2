"""The fault harness: the engine against everything that can break, with an account of every post.

Everything here is patched in from outside; the product has no switch that weakens it. `python -m tests.faults`
tells how to run it, docs/reliability.md what came of it.
"""
