"""Empties the database after a test that committed: only the tables that hold a row, and no signal afterwards.

Django's own `flush` empties every table and makes content types and permissions again, for every such test.
"""

import functools

from django.db import connections, transaction
from django.test import TransactionTestCase

#: `migrate` fills these once, and no test changes them.
KEPT = {"auth_permission", "django_content_type", "django_migrations", "django_site"}


@functools.cache
def _tables(alias, name):
    connection = connections[alias]
    found = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - KEPT
    return {table: connection.ops.quote_name(table) for table in sorted(found)}


def empty(alias="default"):
    """Delete every row that a test left. The foreign keys are checked at the end of the transaction."""
    connection = connections[alias]
    tables = _tables(alias, connection.settings_dict["NAME"])
    held = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {quoted})" for table, quoted in tables.items()
    )
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        cursor.execute(held)
        for (table,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {tables[table]}")


def _fixture_teardown(self):
    for alias in self._databases_names(include_mirrors=False):
        empty(alias)


def instead_of_flush():
    """Every test with `django_db(transaction=True)` ends this way from now on."""
    assert TransactionTestCase._fixture_teardown, "Django calls it by this name"
    TransactionTestCase._fixture_teardown = _fixture_teardown
