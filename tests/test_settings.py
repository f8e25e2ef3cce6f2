"""Settings come from the environment or a file, and what is wrong is said in a sentence."""

import stat
import threading

import pytest

from config.env import SETTINGS, BadSetting, read, read_list, read_ranges, read_seconds
from config.place import Place


def test_a_setting_is_read_from_a_file(monkeypatch, tmp_path):
    file = tmp_path / "key"
    file.write_text("from-a-file\n")
    monkeypatch.delenv("SECRET_KEY")
    monkeypatch.setenv("SECRET_KEY_FILE", str(file))
    assert read("SECRET_KEY") == "from-a-file"


def test_a_lost_secret_file_is_loud(monkeypatch):
    monkeypatch.delenv("SECRET_KEY")
    monkeypatch.setenv("SECRET_KEY_FILE", "/nowhere/key")
    with pytest.raises(BadSetting, match="SECRET_KEY_FILE"):
        read("SECRET_KEY")


def test_the_environment_wins_over_the_file_and_empty_means_unset(monkeypatch, tmp_path):
    monkeypatch.setenv("SHAREDESK_LOG", "")
    assert read("SHAREDESK_LOG") == SETTINGS["SHAREDESK_LOG"].default
    monkeypatch.setenv("SHAREDESK_FETCH_ALLOW", "a.example, 10.0.0.0/8 ,")
    assert read_list("SHAREDESK_FETCH_ALLOW") == ["a.example", "10.0.0.0/8"]


@pytest.mark.parametrize("value", ["soon", "-1", "nan", "inf", "1e99"])
def test_seconds_are_a_number_of_seconds(monkeypatch, value):
    monkeypatch.setenv("SHAREDESK_LEASE", value)
    with pytest.raises(BadSetting, match="SHAREDESK_LEASE"):
        read_seconds("SHAREDESK_LEASE")


def test_the_keys_of_a_folder_are_its_owners_and_the_same_for_all_who_start_at_once(tmp_path):
    place = Place(tmp_path / "desk")
    place.make()
    found = []
    threads = [threading.Thread(target=lambda: found.append(place.keys())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(keys == found[0] for keys in found)
    assert stat.S_IMODE((place.folder / "keys.json").stat().st_mode) == 0o600


def test_one_folder_has_one_lock(tmp_path):
    place = Place(tmp_path / "desk")
    lock = place.lock()
    assert lock is not None
    assert place.lock() is None
    assert place.running() == {}
    lock.close()
    again = place.lock()
    assert again is not None
    again.close()


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BadSetting, match="cannot be made"):
        Place(tmp_path / "file" / "desk").make()


@pytest.mark.parametrize("name", ["SHAREDESK_KEYS", "SHAREDESK_FETCH_ALLOW", "SHAREDESK_ALLOWED_HOSTS"])
@pytest.mark.parametrize("value", [",", " ", " , ,"])
def test_a_list_that_is_set_and_names_nothing_is_loud(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting, match=name):
        read_list(name)


@pytest.mark.parametrize("name", ["DATABASE_URL", "SHAREDESK_ONLY_DESK", "SECRET_KEY"])
def test_an_empty_file_is_no_default(monkeypatch, tmp_path, name):
    file = tmp_path / "empty"
    file.write_text("\n")
    monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(f"{name}_FILE", str(file))
    with pytest.raises(BadSetting, match="empty"):
        read(name)


@pytest.mark.parametrize("value", ["proxy", "10.0.0.0/8, any", "*", "10.0.0.0/33"])
def test_proxies_that_are_no_addresses_are_not_trusted(monkeypatch, value):
    monkeypatch.setenv("SHAREDESK_TRUSTED_PROXIES", value)
    with pytest.raises(BadSetting, match="SHAREDESK_TRUSTED_PROXIES"):
        read_ranges("SHAREDESK_TRUSTED_PROXIES")
    monkeypatch.setenv("SHAREDESK_TRUSTED_PROXIES", "10.0.0.0/8, ::1, 127.0.0.1")
    assert len(read_ranges("SHAREDESK_TRUSTED_PROXIES")) == 3
