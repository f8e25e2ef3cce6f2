"""Rules: which of a source's articles go where, when, and whether a person is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from sharing import models
from sharing.domain.account import Mode
from sharing.domain.article import Article, Status
from sharing.domain.message import Teaser
from sharing.domain.refusal import Refusal
from sharing.models import Does
from sharing.services.entries import ActingFor, write_entry
from sharing.services.ids import number
from sharing.services.incoming import named
from sharing.services.shares import style
from sharing.words.unicode import one_line

#: Number of articles in a dry run.
LOOK_BACK = 50
#: Longest values in characters, as the columns hold them.
LONGEST = {"section": 200, "tag": 200, "author": 200, "language": 20, "label": 60, "template": 60}
#: Longest delay in minutes: one week.
LONGEST_DELAY = 7 * 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One way of an article: accounts of one mode, earliest time (UTC), and whether a person must approve first."""

    accounts: tuple[models.Account, ...]
    ask: bool
    at: datetime | None = None
    breaking: bool = False
    teasers: Mapping[str, Teaser] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """The decision of the rules about an article: the rule that fits, if any, and the routes.

    There are no routes if the rule says never. `gone`: accounts that are named but no longer there. `broken`: the rule
    or source that names such accounts, or the rule whose template is gone.
    """

    rule: models.Rule | None
    routes: tuple[Route, ...]
    gone: tuple[models.Account, ...] = ()
    broken: models.Rule | models.Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRule:
    """A rule that somebody wants to add. A condition that is None fits every article; `delay` is in minutes."""

    section: str | None = None
    tag: str | None = None
    author: str | None = None
    language: str | None = None
    label: str | None = None
    does: Does = Does.ASK
    breaking: bool = False
    delay: int = 0
    template: str | None = None
    quiet: str = ""
    accounts: Sequence[models.Account] = ()


def add(
    source: models.Source, new: NewRule, acting: ActingFor, *, before: models.Rule | None = None
) -> models.Rule:
    """Add a rule after the source's others, or before one of them.

    Raises:
        Refusal: `rule.bad_quiet`, `rule.bad_delay`, `rule.empty_condition`, `template.unknown`, `text.too_long`,
            `unicode.surrogate`.
    """
    quiet = read_quiet(new.quiet)
    if new.template:
        style.find_template(source.desk, new.template)
    if not 0 <= new.delay <= LONGEST_DELAY:
        raise Refusal("rule.bad_delay", field="delay", minutes=new.delay, limit=LONGEST_DELAY)
    words = {name: _line(getattr(new, name), name) for name in (*models.Rule.FITS, "template")}
    with transaction.atomic():
        places = list(source.rules.values_list("pk", flat=True))
        rule = models.Rule.objects.create(
            source=source,
            does=new.does,
            breaking=new.breaking,
            delay=new.delay,
            quiet_from=quiet[0] if quiet else None,
            quiet_until=quiet[1] if quiet else None,
            **words,
        )
        rule.accounts.set(new.accounts)
        places.insert(places.index(before.pk) if before else len(places), rule.pk)
        for place, pk in enumerate(places, 1):
            models.Rule.objects.filter(pk=pk).update(place=place)
        write_entry(
            source.desk_id, acting, "rule", f"source:{source.name}", f"added {rule.pk}: {rule} -> {rule.does}"
        )
    rule.refresh_from_db()
    return rule


def remove(rule: models.Rule, acting: ActingFor) -> None:
    """Remove a rule. Shares that it made stay."""
    source = rule.source
    with transaction.atomic():
        write_entry(
            source.desk_id,
            acting,
            "rule",
            f"source:{source.name}",
            f"removed {rule.pk}: {rule} -> {rule.does}",
        )
        rule.delete()


def find_rule(text: str, source: models.Source | None = None) -> models.Rule:
    """Find a rule by its number.

    Raises:
        Refusal: `rule.unknown`.
    """
    rows = models.Rule.objects.select_related("source__desk").filter(pk=number(text) or 0)
    row = (rows.filter(source=source) if source else rows).first()
    if row is None:
        raise Refusal("rule.unknown", field="rule", status=404, id=text[:60])
    return row


def _line(text: str | None, field: str) -> str:
    """Return a condition as one line. An empty condition is refused: it would fit every article."""
    if text is None:
        return ""
    line = one_line(text, "name")
    if not line:
        raise Refusal("rule.empty_condition", field=field)
    if len(line) > LONGEST[field]:
        raise Refusal("text.too_long", field=field, limit=LONGEST[field])
    return line


def read_quiet(text: str) -> tuple[time, time] | None:
    """Read quiet hours such as `23:00-07:00` as two times in the desk's zone. Returns None for an empty text.

    Raises:
        Refusal: `rule.bad_quiet`.
    """
    if not text.strip():
        return None
    parts = text.replace("–", "-").split("-")
    try:
        begins, ends = (datetime.strptime(each.strip(), "%H:%M").time() for each in parts)  # noqa: DTZ007 - a clock
    except ValueError:
        raise Refusal("rule.bad_quiet", field="quiet", quiet=text[:40]) from None
    if begins == ends:
        raise Refusal("rule.bad_quiet", field="quiet", quiet=text[:40])
    return begins, ends


def plan(source: models.Source, article: Article, now: datetime | None = None) -> Plan:
    """Decide where, when and how an article goes. Sandbox and live accounts get separate routes: they never mix.

    If no rule fits, it goes to sandbox accounts at once, and to live accounts as drafts.
    """
    rule = next((each for each in source.rules.all() if fits(each, article)), None)
    if rule is not None and rule.does == Does.NEVER:
        return Plan(rule, ())
    by_rule = named.accounts_of_rule(rule, source) if rule else None
    accounts = by_rule or named.accounts_of_source(source)
    at = _when(rule, article, ZoneInfo(source.desk.zone), now or datetime.now(UTC)) if rule else None
    words = _words(source, rule)
    routes = []
    for mode in (Mode.SANDBOX, Mode.LIVE):
        of_mode = tuple(account for account in accounts.left if account.mode == mode)
        if of_mode:
            # The rule's template is gone: a person must read the words first.
            ask = not rule.auto or words is None if rule else mode is Mode.LIVE
            breaking = bool(rule and rule.breaking)
            routes.append(Route(accounts=of_mode, ask=ask, at=at, breaking=breaking, teasers=words or {}))
    namer = rule if by_rule else source
    return Plan(
        rule, tuple(routes), accounts.gone, namer if accounts.gone else rule if words is None else None
    )


def _words(source: models.Source, rule: models.Rule | None) -> dict[str, Teaser] | None:
    """Return the rule's template by channel: empty if the rule names none, None if its template is gone."""
    if rule is None or not rule.template:
        return {}
    row = source.desk.templates.filter(name=rule.template).first()
    return {row.channel: Teaser(variant=f"{style.BY_TEMPLATE}{row.name}")} if row else None


def fits(rule: models.Rule, article: Article) -> bool:
    """Whether a rule fits this article. Case is ignored, and `en` fits `en-GB`."""
    language = article.language or ""
    wanted = (
        (rule.section, [article.section or ""]),
        (rule.tag, article.tags),
        (rule.author, article.authors),
        (rule.language, [language, language.partition("-")[0]]),
        (rule.label, [(article.label or "").strip(" []【】<>〈〉:")]),
    )
    return all(not want or want.casefold() in {each.casefold() for each in has} for want, has in wanted)


def _when(rule: models.Rule, article: Article, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Return the earliest time to send (UTC), or None if the article may go as soon as it is public."""
    opens = max((now, *filter(None, times_of(article))))
    due = opens + timedelta(minutes=rule.delay)
    if rule.quiet_from and rule.quiet_until and not rule.breaking:
        due = after_quiet(due, rule.quiet_from, rule.quiet_until, zone)
    return due if due > opens else None


def times_of(article: Article) -> tuple[datetime | None, datetime | None]:
    """Return the times before which an article is not public: its schedule and its embargo."""
    return article.published_at if article.status is Status.SCHEDULED else None, article.embargo_until


def after_quiet(moment: datetime, begins: time, ends: time, zone: ZoneInfo) -> datetime:
    """Return `moment`, or the end (UTC) of the quiet hours that it falls into, by the clock of that zone."""
    local = moment.astimezone(zone)
    clock, over_midnight = local.time(), begins > ends
    quiet = clock >= begins or clock < ends if over_midnight else begins <= clock < ends
    if not quiet:
        return moment
    day = local.date() + timedelta(days=1 if over_midnight and clock >= begins else 0)
    return datetime.combine(day, ends, tzinfo=zone).astimezone(UTC)


def dry_run(source: models.Source, now: datetime | None = None) -> list[tuple[models.Article, Plan]]:
    """Return what the rules would do with the source's last articles if they came now. Writes and sends nothing.

    If the source has brought no article yet, the last articles of its desk are used.
    """
    rows = source.desk.articles.filter(withdrawn_at=None).order_by("-pk")
    of_source = rows.filter(source=source)[:LOOK_BACK]
    return [(row, plan(source, row.value, now)) for row in (of_source or rows[:LOOK_BACK])]
