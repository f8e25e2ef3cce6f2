"""`sharedesk doctor`: find what is wrong and say what to do. Also the health check of the container."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from config.cli.asking import language, start_django
from config.env import BadSetting, read
from config.place import Place, adopt


def examine() -> list[dict[str, Any]]:
    """Return the findings, each with `what`, `ok` and `advice`."""
    place = Place.named()
    try:
        adopt(place)
        start_django()
    except BadSetting as reason:
        return [_finding(f"settings: {reason}", ok=False, advice="correct it and start again")]
    findings = [_finding("settings fit together")]
    findings += _database()
    if not all(each["ok"] for each in findings):
        return findings
    found = _notices() + _workers() + _broker() + _channels() + _desk() + _accounts() + _named() + _waiting()
    return findings + found


def _finding(what: str, *, ok: bool = True, advice: str = "") -> dict[str, Any]:
    return {"what": what, "ok": ok, "advice": advice}


def _database() -> list[dict[str, Any]]:
    from django.db import Error, connection

    from config.schema import trouble

    try:
        found = trouble()
    except Error as error:
        what = f"the database does not answer: {type(error).__name__}"
        return [_finding(what, ok=False, advice="check DATABASE_URL and the server")]
    if found:
        return [_finding(found[0], ok=False, advice=found[1])]
    return [_finding(f"the database answers and is up to date ({connection.vendor})")]


def _notices() -> list[dict[str, Any]]:
    from sharing.presentation.notices import tell
    from sharing.services.notices import open_notices

    findings = []
    for row in open_notices():
        said = tell(row, language()).said
        advice = f"{said.then} (`sharedesk notice close {row.pk} --reason …`)"
        findings.append(_finding(f"notice {row.pk}: {said.what} {said.live}", ok=False, advice=advice))
    return findings


def _workers() -> list[dict[str, Any]]:
    from sharing.services.watch import pulse

    state = pulse.take()
    if not state["workers"]:
        advice = "start one: `sharedesk worker`, or everything with `sharedesk up`"
        return [_finding("no worker was seen in the last 45 s", ok=False, advice=advice)]
    return [_finding(f"{state['workers']} worker(s) seen")]


def _broker() -> list[dict[str, Any]]:
    url = read("CELERY_BROKER_URL")
    if not url:
        return [_finding("no broker is set here: the tickers do all the work, a second later")]
    from kombu import Connection

    options = {"socket_timeout": 2, "socket_connect_timeout": 2}
    try:
        with Connection(url, connect_timeout=2, transport_options=options) as connection:
            connection.ensure_connection(max_retries=0, timeout=2)
    except Exception as error:  # noqa: BLE001 - each transport raises its own
        what = f"the queue is down ({type(error).__name__}): everything goes out a few seconds late"
        return [_finding(what, ok=False, advice="check CELERY_BROKER_URL and the server; nothing is lost")]
    return [_finding("the queue answers")]


def _channels() -> list[dict[str, Any]]:
    from sharing.channels.registry import broken

    return [_finding(each, ok=False, advice="update or remove that package") for each in broken()]


def _accounts() -> list[dict[str, Any]]:
    from sharing import models
    from sharing.models import Health

    return [
        _finding(
            f"account {row.pk} ({row.channel} {row.name}) is stopped: {row.health_code}",
            ok=False,
            advice=f"mend it at the platform, then `sharedesk account test {row.pk}`;"
            f" or give it new secrets: `sharedesk account set {row.pk} --secrets FILE`",
        )
        for row in models.Account.objects.filter(health=Health.STOPPED)
    ]


def _desk() -> list[dict[str, Any]]:
    from sharing.domain.refusal import Refusal
    from sharing.services.staff.people import main_desk

    try:
        main_desk()
    except Refusal as refusal:
        what = f"there is no desk {refusal.facts['name']!r}: this process serves nobody"
        return [_finding(what, ok=False, advice="correct SHAREDESK_ONLY_DESK, or run `sharedesk migrate`")]
    return []


def _named() -> list[dict[str, Any]]:
    from sharing.services import notices
    from sharing.services.incoming import named
    from sharing.wording import sentence

    told = {row.subject for row in notices.open_notices() if row.kind == named.KIND}
    findings = []
    for each in named.find_broken():
        if each.subject in told:
            continue
        said = sentence(each.code, language(), each.facts)
        findings.append(_finding(f"{each.subject}: {said.what}", ok=False, advice=said.then))
    return findings


def _waiting() -> list[dict[str, Any]]:
    from sharing import models
    from sharing.domain.delivery import State
    from sharing.services.watch import pulse
    from sharing.wording.times import how_long

    findings = [
        _finding(f"held: {switch} by {switch.by} ({switch.reason})", advice=f"`sharedesk release {switch}`")
        for switch in models.Switch.objects.all()
    ]
    state = pulse.take()
    if (waits := state["oldest_wait_seconds"]) > 60:
        what = f"something has been due for {how_long(timedelta(seconds=waits), language())}"
        findings.append(_finding(what, ok=False, advice="are the workers alive? is a hold on?"))
    review = models.Delivery.objects.filter(state=State.REVIEW).count()
    if review:
        findings.append(_finding(f"{review} need a person's look", advice="see the desk's first page"))
    return findings
