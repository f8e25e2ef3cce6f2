"""A live Page whose token dies gets a new one, goes and comes back: each article stands there once."""

import json
import urllib.request

import pytest

from tests.cli.running import data_of, one_clear_line
from tests.processes.conftest import wait_for
from tests.processes.test_live_accounts import ask, platforms  # noqa: F401 - a fixture

pytestmark = pytest.mark.processes


def the_page_takes(url, token):
    body = {"channel": "facebook", "id": "1001", "name": "Daily", "access_token": token, "app_secret": "s"}
    request = urllib.request.Request(f"{url}/accounts", json.dumps(body).encode(), method="PUT")
    request.add_header("Content-Type", "application/json")
    urllib.request.urlopen(request, timeout=60).close()


def test_a_page_gets_a_new_token_goes_and_comes_back(up, platforms, tmp_path):  # noqa: F811
    url = platforms["url"]
    the_page_takes(url, "token-one")
    desk = up(FACEBOOK_GRAPH_URL=url, SHAREDESK_PAGE_WAIT="0")

    def page(*command, token):
        secrets = {"access_token": token, "app_secret": "s"}
        answer = desk.run("account", *command, "--secrets", "-", "--json", stdin=json.dumps(secrets))
        assert token not in answer.stdout + answer.stderr
        return answer

    def share(number, *more):
        file = tmp_path / f"{number}.json"
        address = f"http://localhost:{desk.port}/healthz?idxno={number}"
        file.write_text(json.dumps({"article": {"url": address, "headline": f"Night buses, story {number}"}}))
        return desk.run("share", file, "-a", account["id"], *more)

    def posts(number):
        records = ask(f"{url}/truth")["records"]
        return sum(f"idxno={number}" in (each["link"] or "") for each in records)

    def state(share_id):
        return data_of(desk.run("status", share_id))["share"]["deliveries"][0]["state"]

    account = data_of(page("add", "facebook", "--id", "1001", "--name", "Daily", token="token-one"))[
        "account"
    ]
    data_of(share(1, "--wait", "200"))

    the_page_takes(url, "token-two")
    held = data_of(share(2))["share"]["id"]
    assert wait_for(lambda: state(held) == "held")
    wrong = page("set", account["id"], token="wrong")
    assert wrong.returncode == 1
    assert "not stored" in wrong.stderr
    assert (state(held), posts(2)) == ("held", 0)
    assert data_of(page("set", account["id"], token="token-two"))["account"]["health"] == "ok"
    assert wait_for(lambda: state(held) == "delivered")

    waiting = data_of(share(3, "--at", "2099-01-01T09:00"))["share"]["id"]
    data_of(desk.run("account", "remove", account["id"]))
    assert state(waiting) == "held"
    back = data_of(page("add", "facebook", "--id", "01001", "--name", "Daily", token="token-two"))["account"]
    assert (back["id"], back["health"], state(waiting)) == (account["id"], "ok", "queued")
    answer = share(1)
    assert (answer.returncode, posts(1)) == (2, 1), answer.stderr

    first = json.loads(answer.stdout)["share"]["deliveries"][0]["id"]
    data_of(share(1, "--repeat", first, "--wait", "200"))
    one_clear_line(share(1, "--repeat", first), first, "newest")
    assert posts(1) == 2
