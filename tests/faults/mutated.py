"""A pytest plug-in: the product with one guard taken out (`MUTANT` in the environment names it)."""

import os

import pytest


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session):
    from tests.faults.mutants import MUTANTS

    MUTANTS[os.environ["MUTANT"]].patch()
