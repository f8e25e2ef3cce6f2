"""Rows by statements of our own are the rows that the ORM would have written."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict

from sharing import models
from tests.given import a_delivery, a_desk, an_account

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

SOME_TIME = datetime(2026, 11, 28, 9, 30, 15, 123456, tzinfo=UTC)


def an_article(desk, number=0):
    return models.Article(
        desk=desk,
        headline=f"항구 도시 {number}곳, 심야버스 운행 🚌",
        status="published",
        data={"headline": "x", "tags": ["밤", 'a "b"'], "depth": {"n": None}},
        data_hash=f"{number:064}",
        data_at=SOME_TIME,
    )


def everything(row):
    its_own = ("id", "created_at", "changed_at")
    return {name: value for name, value in model_to_dict(row).items() if name not in its_own}


def a_name(desk, name, article):
    return models.ArticleName(desk=desk, name=name, article=article)


def test_a_row_is_the_one_that_the_orm_writes():
    desk = a_desk()
    ours, theirs = an_article(desk), an_article(desk)
    models.insert([ours])
    theirs.save()
    read = models.Article.objects.in_bulk([ours.pk, theirs.pk])
    assert everything(read[ours.pk]) == everything(read[theirs.pk])
    assert read[ours.pk].data_at == SOME_TIME


def test_what_the_database_fills_in_is_in_the_row_at_once():
    row = an_article(a_desk())
    models.insert([row])
    read = models.Article.objects.get(pk=row.pk)
    assert (row.created_at, row.changed_at) == (read.created_at, read.changed_at)
    assert abs(row.created_at - datetime.now(UTC)).total_seconds() < 60
    row.headline = "another"
    row.save()  # it knows that it is there
    assert models.Article.objects.get().headline == "another"


def test_bytes_come_back_as_they_were():
    desk = a_desk()
    source = models.Source.objects.create(desk=desk, name="cms", scheme="bearer")
    body = bytes(range(256))
    row = models.Inbound(source=source, message_id="m", body=body, body_hash="h", headers={"a": "ㄱ"})
    models.insert([row])
    kept = models.Inbound.objects.get()
    assert (bytes(kept.body), kept.headers, kept.result) == (body, {"a": "ㄱ"}, None)


def test_many_rows_go_in_several_statements_and_keep_their_order():
    rows = [an_article(a_desk(), number) for number in range(60)]
    assert models.insert(rows) == rows
    kept = models.Article.objects.in_bulk([row.pk for row in rows])
    assert [kept[row.pk].data_hash for row in rows] == [row.data_hash for row in rows]


def test_rows_that_are_taken_are_left_out_and_the_others_have_their_own_ids():
    desk = a_desk()
    article = an_article(desk)
    models.insert([article])
    models.insert([a_name(desk, f"n{number}", article) for number in (3, 1)])
    rows = [a_name(desk, f"n{number}", article) for number in (4, 3, 2, 1, 0)]
    written = models.insert(rows, unless_taken="name")
    assert [row.name for row in written] == ["n4", "n2", "n0"]
    kept = models.ArticleName.objects.in_bulk([row.pk for row in written])
    assert [kept[row.pk].name for row in written] == ["n4", "n2", "n0"]
    assert models.ArticleName.objects.count() == 5


def test_a_taken_row_is_an_error_where_nobody_expects_it():
    desk = a_desk()
    article = an_article(desk)
    models.insert([article])
    models.insert([a_name(desk, "n", article)])
    with pytest.raises(IntegrityError), transaction.atomic():
        models.insert([a_name(desk, "n", article)])
    assert models.ArticleName.objects.count() == 1


def test_no_rows_are_no_statement():
    assert models.insert([]) == []
    assert models.insert([], unless_taken="name") == []


def test_a_place_in_flight_that_is_taken_is_a_taken_row_too(scripted):
    """Every unique index counts, not only the key by which rows are told apart."""
    desk = a_desk()
    row = a_delivery(desk, an_account(desk))
    fields = {each.attname: getattr(row, each.attname) for each in row._meta.concrete_fields}
    again = models.Delivery(**fields | {"id": None, "marker": "another111"})
    assert models.insert([again], unless_taken="marker") == []
    assert models.Delivery.objects.count() == 1
