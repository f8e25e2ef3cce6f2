"""The start and end of every command: load Django if needed, print the answer, or one clear line if it failed."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn, ParamSpec
from zoneinfo import ZoneInfo

import click

from config.env import BadSetting
from config.place import Place, adopt
from sharing.domain.refusal import Refusal

P = ParamSpec("P")

BAD_INPUT, FAILED = 2, 1


def language() -> str:
    """Return `ko` or `en`, from the locale of the terminal (LC_ALL, LC_MESSAGES, LANG)."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return "ko" if value.lower().startswith("ko") else "en"
    return "en"


@dataclass(frozen=True)
class Answer:
    """The answer of a command: JSON for programs, lines for people at a terminal; if `lines` is None, JSON for both.

    `lines` may be a generator: it runs only for people. `empty` is printed if there are no lines. `failed` makes the
    exit status 1; if it is a sentence, it goes to stderr. `refusal` is raised after printing.
    """

    data: dict[str, Any]
    lines: Iterable[str] | None = None
    empty: str = ""
    failed: bool | str = False
    refusal: Refusal | None = None

    def show(self, *, as_json: bool) -> int:
        """Print the answer and return the exit status."""
        if self.lines is None or as_json or not sys.stdout.isatty():
            click.echo(json.dumps(self.data, ensure_ascii=False, indent=2, default=str))
        elif text := "\n".join(self.lines) or self.empty:
            click.echo(text)
        if self.refusal:
            raise self.refusal
        if isinstance(self.failed, str) and self.failed:
            click.echo(f"sharedesk: {self.failed}", err=True)
        return FAILED if self.failed else 0


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, also to a terminal.")


def answers(*, desk: bool = True) -> Callable[[Callable[P, Answer]], Callable[..., int]]:
    """Turn a function that returns an Answer into a command with --json, which prints and returns the exit status.

    `desk`: the command uses the database. An embedded database is brought up to date first.
    """

    def decorate(command: Callable[P, Answer]) -> Callable[..., int]:
        @json_option
        @functools.wraps(command)
        def run(*args: Any, as_json: bool, **kwargs: Any) -> int:
            if not desk:
                return command(*args, **kwargs).show(as_json=as_json)
            with at_the_desk():
                return command(*args, **kwargs).show(as_json=as_json)

        return run

    return decorate


@contextmanager
def at_the_desk() -> Iterator[None]:
    """Bring the embedded database up to date before the work, and ring the bell for what is due after it."""
    place = Place.named()
    adopt(place)
    start_django()
    from config.schema import bring_up_to_date

    bring_up_to_date(place)
    yield
    from workers.bell import flush

    flush()


def start_django() -> None:
    """Load Django's settings and apps."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()


def when(time: str) -> str:
    """Return an ISO 8601 time from the JSON as text for people: in the desk's time zone, with the zone's name."""
    from sharing.services.staff.people import main_desk
    from sharing.wording import times

    return times.shown(datetime.fromisoformat(time), ZoneInfo(main_desk().zone), language(), "full")


class Sharedesk(click.Group):
    """The `sharedesk` command. Every error becomes one line on stderr, never a traceback."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        try:
            kwargs["standalone_mode"] = False
            status = super().main(*args, **kwargs)
        except Refusal as refusal:
            _end(BAD_INPUT, _sentence(refusal))
        except BadSetting as reason:
            _end(BAD_INPUT, str(reason))
        except click.exceptions.NoArgsIsHelpError as asked:
            click.echo(asked.format_message())
            sys.exit(BAD_INPUT)
        except click.ClickException as wrong:
            _end(BAD_INPUT, wrong.format_message().replace("\n", " "))
        except (click.Abort, KeyboardInterrupt):
            sys.exit(130)
        except BrokenPipeError:
            sys.stdout = None  # the reader of our output is gone; do not flush
            sys.exit(0)
        except Exception as error:
            if _is_database(error):
                _end(FAILED, _database_sentence(error))
            raise
        sys.exit(status if isinstance(status, int) else 0)


def _end(status: int, sentence: str) -> NoReturn:
    click.echo(f"sharedesk: {sentence}", err=True)
    sys.exit(status)


def _sentence(refusal: Refusal) -> str:
    from sharing.wording import refused

    return str(refused(refusal, language()))


def _is_database(error: Exception) -> bool:
    from django.core.exceptions import ImproperlyConfigured
    from django.db import Error

    return isinstance(error, Error | ImproperlyConfigured)


def _database_sentence(error: Exception) -> str:
    from sharing.net.redact import redact

    first = redact(str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__)
    missing = "does not exist" in first or "no such table" in first
    advice = "run `sharedesk migrate`" if missing else "check DATABASE_URL and the database"
    return f"the database did not answer as it should ({first}); {advice}"
