"""SQLite's one writer: moves of several threads go in one transaction, and each stands or falls alone."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction

from sharing import models
from sharing.models.moves.group_commit import together
from tests.given import a_desk

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL has many writers"),
]


@pytest.fixture
def at_once():
    """Run acts in threads that all wait for one who writes, so that they stand in line together."""

    def run(*acts):
        writing, go_on = threading.Event(), threading.Event()

        def first():
            writing.set()
            assert go_on.wait(300)

        def each(act):
            try:
                return together(act)
            except Exception as error:  # noqa: BLE001 - what a thread was told is what is tested
                return error
            finally:
                connection.close()

        with ThreadPoolExecutor(len(acts) + 1) as pool:
            pool.submit(each, first)
            assert writing.wait(300)
            told = [pool.submit(each, act) for act in acts]
            from sharing.models.moves import group_commit as line

            for _ in range(2000):
                if len(line._line._waiting) == len(acts):
                    break
                threading.Event().wait(0.005)
            go_on.set()
            return [each.result(300) for each in told]

    return run


def desk_named(name):
    return lambda: models.Desk.objects.create(name=name).name


def test_what_stood_in_line_is_all_written(at_once):
    names = [f"desk-{n}" for n in range(8)]
    assert at_once(*map(desk_named, names)) == names
    assert models.Desk.objects.filter(name__in=names).count() == 8


def test_one_that_an_index_refuses_undoes_itself_alone(at_once):
    told = at_once(desk_named("one"), desk_named("one"), desk_named("two"))
    assert sum(isinstance(each, IntegrityError) for each in told) == 1
    assert set(models.Desk.objects.values_list("name", flat=True)) >= {"one", "two"}


def test_nobody_is_told_that_it_stands_when_the_whole_did_not(at_once):
    def of_nobody():  # a foreign key is checked at the end, for the whole transaction
        return models.Membership.objects.create(person_id=10**6, desk_id=10**6, role="editor").pk

    told = at_once(desk_named("three"), of_nobody, desk_named("four"))
    assert all(isinstance(each, IntegrityError) for each in told)
    assert not models.Desk.objects.filter(name__in=["three", "four"]).exists()


def test_inside_a_transaction_it_is_part_of_that(db):
    desk = a_desk()
    with transaction.atomic():
        together(lambda: models.Desk.objects.filter(pk=desk.pk).update(title="never"))
        transaction.set_rollback(True)
    desk.refresh_from_db()
    assert desk.title != "never"


def test_the_line_goes_on_after_an_error():
    with pytest.raises(ZeroDivisionError):
        together(lambda: 1 // 0)
    assert together(lambda: 7) == 7
