"""`sharedesk demo`: the main job, end to end, confirmed by the sandbox's own record."""

from config.demo.run import run

__all__ = ["run"]
