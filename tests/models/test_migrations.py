"""Migrations that have landed never change, and a desk that an older version made is brought forward whole."""

import json
import re
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections

from config import schema
from config.env import BadSetting
from sharing import models
from sharing.domain.article import Status
from sharing.domain.delivery import State
from sharing.domain.message import Message
from sharing.services.incoming import sources
from tests import migrations
from tests.cli.running import one_clear_line, sharedesk

ROWS = Path(__file__).with_name("landed_0001.sql")
FIRST = "0001_first"


# -- files ------------------------------------------------------------------------------------------------


def test_a_migration_that_landed_is_byte_for_byte_as_it_landed():
    there, landed = migrations.hashes(), migrations.landed()
    changed = [name for name, known in landed.items() if there.get(name) != known]
    assert not changed, "write a new migration instead: desks out there have run this one"
    waiting = sorted(set(there) - set(landed))
    assert not waiting, "`python -m tests.migrations --land` writes down their hashes"


def test_a_changed_byte_is_noticed(tmp_path):
    file = tmp_path / f"{FIRST}.py"
    file.write_bytes((migrations.FOLDER / file.name).read_bytes() + b"\n")
    assert migrations.hashes(tmp_path)[FIRST] != migrations.landed()[FIRST]


def test_landing_never_writes_another_hash_for_what_has_landed(monkeypatch, tmp_path):
    kept = {FIRST: "as it landed"}
    monkeypatch.setattr(migrations, "LANDED", tmp_path / "landed.json")
    migrations.LANDED.write_text(json.dumps(kept))
    migrations.land()
    assert migrations.landed()[FIRST] == "as it landed"


@pytest.mark.parametrize(
    ("name", "words"), [("a_name", "nothing to write"), ("", "lower-case"), ("../x", "lower-case")]
)
def test_no_migration_is_made_where_nothing_changed_or_the_name_is_none(name, words):
    before = migrations.hashes()
    made = subprocess.run(
        [sys.executable, "-m", "tests.migrations", name], cwd=migrations.ROOT, capture_output=True, text=True
    )
    assert made.returncode == 1
    assert words in made.stderr
    assert len(made.stderr.strip().splitlines()) == 1
    assert migrations.hashes() == before


# -- an older desk ----------------------------------------------------------------------------------------


@pytest.fixture
def older(tmp_path, django_db_setup, django_db_blocker):
    """A database as version 0.1 left it: the frozen first migration alone, and rows of every table."""
    settings = {**connection.settings_dict, "TEST": connection.settings_dict["TEST"]}
    name = f"older_{uuid.uuid4().hex[:12]}"
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            settings["NAME"] = str(tmp_path / "desk.sqlite3")
        else:
            settings["NAME"] = name
            settings["OPTIONS"] = {key: value for key, value in settings["OPTIONS"].items() if key != "pool"}
            _server(f"CREATE DATABASE {name}")
        connections.databases["older"] = settings
        try:
            call_command("migrate", "sharing", FIRST, database="older", verbosity=0)
            with connections["older"].cursor() as cursor:
                for statement in rows_of_version_0_1():
                    cursor.execute(statement)
            yield "older"
        finally:
            connections["older"].close()
            del connections["older"], connections.databases["older"]
            if connection.vendor != "sqlite":
                _server(f"DROP DATABASE {name}")


def _server(statement):
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


def rows_of_version_0_1():
    """Its rows as statements that this engine takes."""
    form = r"X'\1'" if connection.vendor == "sqlite" else r"'\\x\1'"
    text = re.sub(r"BYTES\('([0-9a-f]*)'\)", form, ROWS.read_text(encoding="utf-8"))
    return [line.replace("%", "%%") for line in text.splitlines() if line.startswith("INSERT")]


def test_every_table_of_version_0_1_has_a_row():
    filled = set(re.findall(r"INSERT INTO (\w+)", ROWS.read_text(encoding="utf-8")))
    made = (migrations.FOLDER / f"{FIRST}.py").read_text()
    tables = {f"sharing_{name.lower()}" for name in re.findall(r"CreateModel\(\s+name='(\w+)'", made)}
    assert tables <= filled, tables - filled
    assert {"sharing_source_accounts", "sharing_rule_accounts"} <= filled


@pytest.mark.database
def test_a_desk_of_version_0_1_is_brought_forward_and_read_whole(older):
    call_command("migrate", database=older, interactive=False, verbosity=0)
    for model in apps.get_app_config("sharing").get_models(include_auto_created=True):
        rows = list(model.objects.using(older).all())
        before = ROWS.read_text(encoding="utf-8").count(f"INSERT INTO {model._meta.db_table} (")
        assert len(rows) >= before, model
    article = models.Article.objects.using(older).get(headline="강변 마을 야간 버스")
    assert (article.value.headline, article.status) == ("강변 마을 야간 버스", Status.PUBLISHED)
    delivery = article.deliveries.get()
    assert delivery.state == State.DELIVERED
    assert Message.load(delivery.message).text
    assert [event.to_state for event in delivery.events.order_by("n")][-1] == State.DELIVERED
    assert delivery.attempts.get().outcome == "Receipt"
    assert [str(each) for each in models.Switch.objects.using(older).all()] == ["channel:x"]
    source = models.Source.objects.using(older).get()
    assert sources.secrets_of(source), "its secret is opened by the same keys"
    assert source.rules.get().accounts.get().channel == "link"
    assert {each.kind for each in models.Notice.objects.using(older).all()} == {"withdrawn", "stuck"}


@pytest.mark.database
def test_what_older_drafts_kept_in_other_columns_is_read_from_their_own(older):
    drafts = {
        "left out": "why = 'left_out'",
        "typed": "last_code = 'x.too_long', last_detail = 'much too long'",
        "typed and dropped": "state = 'cancelled', came_from = 'draft', last_code = 'x.too_long', last_detail = ''",
        "failed": "state = 'failed', dedupe_key = 'KEY', last_code = 'x.403', last_detail = 'not permitted'",
        "moved": "state = 'held', dedupe_key = 'KEY', why = 'embargo'",
        "embargo": "state = 'held', dedupe_key = 'KEY', why = 'embargo', embargo_until = due_at",
    }
    ids = dict.fromkeys(drafts)
    with connections[older].cursor() as cursor:
        cursor.execute("SELECT * FROM sharing_delivery WHERE id = 3")
        columns = [each[0] for each in cursor.description]
        for number, (name, change) in enumerate(drafts.items(), start=100):
            new = {"id": str(number), "marker": f"'m{number}'", "dedupe_key": "NULL"}
            copied = ", ".join(new.get(each, f'"{each}"') for each in columns)
            into = ", ".join(f'"{each}"' for each in columns)
            cursor.execute(
                f"INSERT INTO sharing_delivery ({into}) SELECT {copied} FROM sharing_delivery WHERE id = 3"  # noqa: S608
            )
            cursor.execute(
                f"UPDATE sharing_delivery SET {change.replace('KEY', str(number))} WHERE id = {number}"  # noqa: S608
            )
            ids[name] = number
    call_command("migrate", database=older, interactive=False, verbosity=0)
    rows = models.Delivery.objects.using(older)
    found = {name: rows.get(pk=pk) for name, pk in ids.items()}
    facts = {
        name: (each.chosen, each.typed, each.why, each.last_code, each.last_detail)
        for name, each in found.items()
    }
    assert facts == {
        "left out": (False, None, "", "", ""),
        "typed": (True, "much too long", "", "", ""),
        "typed and dropped": (True, "", "", "", ""),
        "failed": (True, None, "", "x.403", "not permitted"),
        "moved": (True, None, "not_yet", "", ""),
        "embargo": (True, None, "embargo", "", ""),
    }
    assert not [each for each in models.Delivery.objects.using(older).filter(pk__lt=100) if not each.chosen]


# -- what a start and doctor say --------------------------------------------------------------------------


def without(column):
    """Drop a column of a current database, as if an edited migration had never made it."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE sharing_desk DROP COLUMN {column}")


@pytest.fixture
def damaged(transactional_db):
    """A database whose migrations are all recorded and which lacks a column; mended afterwards."""
    without("style")
    yield
    kind = "text" if connection.vendor == "sqlite" else "jsonb"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE sharing_desk ADD COLUMN style {kind} NOT NULL DEFAULT '{{}}'")


def test_a_current_database_has_no_trouble(db):
    assert schema.trouble() is None
    assert schema.plan() == []


def test_a_database_that_lacks_a_column_is_an_old_schema_for_doctor_and_at_a_start(damaged):
    from config.doctor import examine

    wrong = [each for each in examine() if not each["ok"]]
    assert "old schema" in wrong[0]["what"]
    assert "sharing_desk.style" in wrong[0]["what"]
    with pytest.raises(BadSetting, match=r"sharing_desk\.style"):
        schema.refuse_old()
    with pytest.raises(BadSetting, match="old schema"):
        schema.migrate()


def test_the_stamp_of_an_embedded_desk_changes_with_what_a_migration_holds(monkeypatch, tmp_path):
    before = schema._wanted()
    edited = tmp_path / f"{FIRST}.py"
    edited.write_bytes((migrations.FOLDER / edited.name).read_bytes() + b"#")
    monkeypatch.setattr(schema, "_files", lambda: [edited])
    assert schema._wanted() != before


NEEDED = {
    "SECRET_KEY": "only-for-tests-" * 3,
    "SHAREDESK_KEYS": "dGVzdC10ZXN0LXRlc3QtdGVzdC10ZXN0LXRlc3QtdGU=",
    "CELERY_BROKER_URL": "redis://127.0.0.1:1/0",
}


@pytest.mark.parametrize("part", [["worker"], ["web", "--port", "18999"]])
def test_a_part_refuses_an_unmigrated_database_in_one_line(tmp_path, part):
    answer = sharedesk(*part, folder=tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/empty.sqlite3", **NEEDED)
    one_clear_line(answer, "run `sharedesk migrate`")


def test_the_plan_says_what_would_be_done_and_does_nothing(tmp_path):
    url = f"sqlite:///{tmp_path}/empty.sqlite3"
    plan = json.loads(sharedesk("migrate", "--plan", "--json", folder=tmp_path, DATABASE_URL=url).stdout)[
        "plan"
    ]
    ours = [each for each in plan if each["app"] == "sharing"]
    assert [each["migration"] for each in ours] == sorted(migrations.hashes())
    assert "Create model Delivery" in ours[0]["steps"]
    doctor = sharedesk("doctor", "--json", folder=tmp_path, DATABASE_URL=url)
    assert f"lacks {len(plan)} migrations" in doctor.stdout, "nothing was done yet"
    sharedesk("migrate", folder=tmp_path, DATABASE_URL=url)
    after = sharedesk("migrate", "--plan", "--json", folder=tmp_path, DATABASE_URL=url)
    assert json.loads(after.stdout) == {"plan": []}
