"""One settings file, read from the environment alone (docs/operations.md)."""

from __future__ import annotations

SECRET_KEY = "not yet"  # noqa: S105
INSTALLED_APPS: list[str] = []
USE_TZ = True
TIME_ZONE = "UTC"
