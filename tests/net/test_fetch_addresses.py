"""Where the fetcher goes and where it does not: every address of the hostile list, and of the table."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.domain.refusal import Refusal
from sharing.net import fetch as fetching
from sharing.net.addresses import Allowed, is_public
from sharing.net.fetch import fetch, safe_url
from tests.net.internet import PUBLIC, open_internet
from tests.net.servers import certified, page, says, server
from tests.shared import SHARED, needs_shared

NOBODY = Allowed()
LIST = SHARED / "data/hostile/ssrf_bypass.json"
ROWS = json.loads(LIST.read_text())["urls"] if LIST.exists() else []


@pytest.fixture(autouse=True)
def in_no_hurry(monkeypatch):
    monkeypatch.setattr(fetching, "HOST_GAP", 0)


@pytest.fixture
def internet(monkeypatch):
    """Every name that is not known leads inside."""
    found = open_internet(monkeypatch)
    found.default = ["127.0.0.1"]
    return found


@needs_shared
@pytest.mark.parametrize("row", [r for r in ROWS if r["expect"] == "block"], ids=lambda r: r["url"][:60])
def test_this_address_is_never_connected_to(internet, row):
    with pytest.raises(Refusal) as caught:
        fetch(row["url"], allowed=NOBODY, deadline=2)
    assert caught.value.code.startswith(("url.", "fetch."))
    assert internet.connected == []


@needs_shared
@pytest.mark.parametrize("row", [r for r in ROWS if r["expect"] == "review"], ids=lambda r: r["url"][:60])
def test_of_these_none_leads_inside(internet, row):
    with pytest.raises(Refusal):
        fetch(row["url"], allowed=NOBODY, deadline=2)
    assert internet.connected == []


@needs_shared
@pytest.mark.parametrize("row", [r for r in ROWS if r["expect"] == "allow"], ids=lambda r: r["url"])
def test_this_address_is_fetched(internet, row, tmp_path, monkeypatch):
    host = "xn--" + "한겨레".encode("punycode").decode() + ".example"
    names = ["example.com", "www.example.co.kr", host]
    tls, authority = certified(tmp_path, *names, "2606-4700.example")
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", authority)
    internet.names = {name: [PUBLIC] for name in names}
    with server(says(page(b"fetched")), tls) as (secure, _), server(says(page(b"fetched"))) as (plain, _):
        internet.ports = {443: secure, 80: plain}
        if "[" in row["url"]:
            # It is connected to; for a number nobody vouches.
            with pytest.raises(Refusal, match=r"fetch\.unreachable"):
                fetch(row["url"], allowed=NOBODY)
            assert internet.connected == [("2606:4700:4700::1111", 443)]
            return
        assert fetch(row["url"], allowed=NOBODY).body == b"fetched"
    assert [address for address, _ in internet.connected] == [PUBLIC]


INSIDE = [
    "0.0.0.0",  # noqa: S104 - an address to refuse
    "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.254", "100.100.100.200",
    "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1",
    "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255",
    "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "168.63.129.16", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8",
    "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b:1::8.8.8.8", "100::1", "2001::1",
    "2001:db8::1", "2001:10::1", "2002:7f00:1::", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254",
    "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2620:4f:8000::1", "nonsense", "127.1",
    "0x7f.1", "1",
]  # fmt: skip
OUTSIDE = [
    "1.1.1.1", "8.8.8.8", "93.184.216.34", "100.63.255.255", "100.128.0.1", "169.253.0.1",
    "172.15.0.1", "172.32.0.1", "192.0.1.1", "192.167.0.1", "198.17.0.1", "198.20.0.1",
    "223.255.255.255", "168.63.129.17", "2606:4700:4700::1111", "2400:cb00::1", "2a00:1450::1",
    "64:ff9b::8.8.8.8",
]  # fmt: skip


@pytest.mark.parametrize("ip", INSIDE)
def test_the_table_keeps_inside(ip):
    assert not is_public(ip)


@pytest.mark.parametrize("ip", OUTSIDE)
def test_the_table_lets_out(ip):
    assert is_public(ip)


@given(st.ip_addresses())
def test_nothing_that_python_calls_private_is_public(ip):
    if not ip.is_global or ip.is_multicast:
        translated = ip.version == 6 and str(ip).startswith("64:ff9b::")
        assert translated or not is_public(str(ip))


@pytest.mark.parametrize(
    "url",
    [
        "", "news.example", "//news.example", "ftp://news.example/", "javascript:alert(1)", "data:text/html,x",
        "file:///etc/passwd", "http://", "http:///x", "http://user@news.example/", "http://user:pw@news.example/",
        "http://news.example\\@evil.example/", "http://news.example:0/", "http://news.example:99999/",
        "http://news.example/a b", "http://news.example/\r\nHost: evil", "http://news.example/\x00",
        "http://news.example/%0d%0aX: y", "http://news%2eexample/", "http://[::1", "http://" + "a" * 3000 + ".example/",
        "http://xn--/", "http://①②⑦.⓪.⓪.①.\u202e/", "http://.../",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_before_anybody_is_asked(internet, url):
    with pytest.raises(Refusal, match=r"url\."):
        fetch(url, allowed=NOBODY)
    assert internet.connected == []


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading_of_addresses(text):
    for url in (text, f"http://{text}", f"https://news.example/{text}"):
        try:
            found = safe_url(url)
        except Refusal:
            continue
        assert re.fullmatch(r"https?://[!-~]+", found)


def test_allowed_lifts_the_rule_for_itself_alone():
    allowed = Allowed.read(["cms.inside", "10.1.0.0/16", "127.0.0.1:8000", "[::1]:9000", " "])
    assert allowed.may_connect("cms.inside", "10.9.9.9", 8080)
    assert allowed.may_connect("any", "10.1.2.3", 5000)
    assert allowed.may_connect("any", "127.0.0.1", 8000)
    assert allowed.may_connect("any", "::1", 9000)
    assert not allowed.may_connect("any", "127.0.0.1", 8001)
    assert not allowed.may_connect("any", "10.2.0.1", 80)
    assert not allowed.may_connect("sub.cms.inside", "10.9.9.9", 80)
    assert not allowed.may_connect("news.example", PUBLIC, 8080), "public, but no port of the web"
    assert allowed.may_connect("news.example", PUBLIC, 443)


@pytest.mark.parametrize("entry", ["a b", "http://x", "10.0.0.0/99", "a:b:c"])
def test_an_entry_that_is_none_is_named(entry):
    with pytest.raises(ValueError, match="no host"):
        Allowed.read([entry])
