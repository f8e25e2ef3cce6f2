"""template and style: how the desk writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from config.cli.asking import Answer, answers
from config.cli.sharing_out import acting

if TYPE_CHECKING:
    from sharing import models
    from sharing.words.style import Style


def add_to(group: click.Group) -> None:
    group.add_command(template)
    group.add_command(style)


@click.group()
def template() -> None:
    """Templates: the words that a channel gets for articles of a section or a language."""


@template.command("add")
@click.argument("name")
@click.argument("channel")
@click.argument("text")
@click.option("--section", metavar="S", help="Only for articles of this section.")
@click.option("--language", "spoken", metavar="L", help="Only for articles in this language.")
@answers()
def add(name: str, channel: str, text: str, section: str | None, spoken: str | None) -> Answer:
    """Save a template; one of the same name is replaced. docs/style.md lists its fields and filters.

    \b
    Examples:
      sharedesk template add short x "{label} {headline|fit:100}"
      sharedesk template add money kakao "{headline}" --section economy --language ko
      sharedesk template add daily mail "{label} {headline}"
    """
    from sharing.services.entries import write_entry
    from sharing.services.shares import style as styles
    from sharing.services.staff.people import main_desk

    desk = main_desk()
    row = styles.add_template(desk, name, channel, text, section=section, spoken=spoken)
    write_entry(desk.pk, acting(), "template", f"template:{row.name}", row.text)
    return Answer({"template": _public(row)}, [_line(_public(row))])


@template.command("list")
@answers()
def list_templates() -> Answer:
    """Every template of the desk.

    \b
    Example:
      sharedesk template list
    """
    from sharing.services.staff.people import main_desk

    data = [_public(row) for row in main_desk().templates.order_by("channel", "name")]
    return Answer({"templates": data}, map(_line, data), empty="no templates yet")


@template.command("preview")
@click.argument("channel")
@click.argument("text")
@answers()
def preview(channel: str, text: str) -> Answer:
    """What a template makes of the desk's last ten articles. Nothing is saved.

    \b
    Example:
      sharedesk template preview x "{label} {headline|fit:100}"
    """
    from sharing.services.shares import style as styles
    from sharing.services.staff.people import main_desk

    data = [
        {"headline": headline, "words": words}
        for headline, words in styles.preview(main_desk(), channel, text)
    ]
    lines = (line for each in data for line in (f"── {each['headline']}", each["words"]))
    return Answer({"previews": data}, lines, empty="no articles yet")


@template.command("remove")
@click.argument("name")
@answers()
def remove(name: str) -> Answer:
    """Remove a template. What was written by it stays.

    \b
    Example:
      sharedesk template remove short
    """
    from sharing.services.entries import write_entry
    from sharing.services.shares import style as styles
    from sharing.services.staff.people import main_desk

    desk = main_desk()
    styles.remove_template(desk, name)
    write_entry(desk.pk, acting(), "template", f"template:{name}", "removed")
    return Answer({"removed": name}, [f"removed: {name}"])


@click.group()
def style() -> None:
    """The desk's rules about words: what is a warning, what stops a text, which tags may stand."""


@style.command("show")
@answers()
def show_style() -> Answer:
    """The rules as they are.

    \b
    Example:
      sharedesk style show
    """
    from sharing.services.shares.style import style_of
    from sharing.services.staff.people import main_desk

    data = _rules(style_of(main_desk()))
    return Answer({"style": data}, _lines(data))


@style.command("set")
@click.argument("rule")
@click.argument("values", nargs=-1)
@answers()
def set_style(rule: str, values: tuple[str, ...]) -> Answer:
    """Set a rule: a list (banned, domains, hashtags), correction, or a finding's level (warn, block, off).

    \b
    Examples:
      sharedesk style set banned 충격 경악
      sharedesk style set domains news.example
      sharedesk style set hashtags 경제 부산
      sharedesk style set correction wire
      sharedesk style set alt_missing block
      sharedesk style set banned
    """
    from sharing.services.entries import write_entry
    from sharing.services.shares import style as styles
    from sharing.services.staff.people import main_desk

    desk = main_desk()
    data = _rules(styles.change(desk, rule, values))
    write_entry(desk.pk, acting(), "style", f"desk:{desk.name}", f"{rule}: {' '.join(values)}")
    return Answer({"style": data}, _lines(data))


def _public(row: models.Template) -> dict[str, Any]:
    return {
        "name": row.name,
        "channel": row.channel,
        "section": row.section or None,
        "language": row.language or None,
        "text": row.text,
    }


def _line(each: dict[str, Any]) -> str:
    fits = " ".join(part for part in (each["section"], each["language"]) if part) or "every article"
    return f"{each['name']:<16} {each['channel']:<9} {fits:<16} {each['text']!r}"


def _rules(rules: Style) -> dict[str, Any]:
    from sharing.words.lint import CODES

    levels = {code: rules.levels.get(code, level.value) for code, level in CODES.items()}
    return {
        "banned": rules.banned,
        "domains": rules.domains,
        "hashtags": rules.hashtags,
        "correction": rules.correction,
        "levels": levels,
    }


def _lines(data: dict[str, Any]) -> list[str]:
    lists = [f"{name:<22} {' '.join(data[name]) or '–'}" for name in ("banned", "domains", "hashtags")]
    levels = [f"{code:<22} {level}" for code, level in data["levels"].items()]
    return [*lists, f"{'correction':<22} {data['correction']}", *levels]
