"""`sharedesk demo`: share articles to every channel, and confirm the results by the sandbox's own records."""

from config.demo.run import run

__all__ = ["run"]
