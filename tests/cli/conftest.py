"""A desk that is made once and copied: migrating an empty folder for every test proves nothing more."""

import shutil

import pytest

from tests.cli.running import data_of, sharedesk_from_nothing


@pytest.fixture(scope="session")
def made_desk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "data"
    assert data_of(sharedesk_from_nothing("account", "list", "--json", folder=folder)) == {"accounts": []}
    return folder


@pytest.fixture(scope="session")
def new_desk(made_desk):
    def make(folder):
        return shutil.copytree(made_desk, folder)

    return make
