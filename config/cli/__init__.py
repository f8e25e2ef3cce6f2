"""The `sharedesk` command."""

from __future__ import annotations

import click

from config.cli.asking import Sharedesk


@click.group(cls=Sharedesk, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sharedesk", prog_name="sharedesk")
def main() -> None:
    """The share desk: one article to Facebook, X, KakaoTalk, mail and copy-link, each exactly once.

    Exit status: 0 it worked, 2 the call or its input was wrong, 1 it failed.
    """


def _add_commands() -> None:
    from config.cli import (
        accounts,
        decide,
        notices,
        parts,
        people,
        reading,
        rules,
        sharing_out,
        sources,
        style,
    )

    for module in (reading, sharing_out, decide, notices, accounts, sources, rules, style, people, parts):
        module.add_to(main)


_add_commands()
