"""One host has one name, whoever asks; what is no host is refused by everybody, without a traceback."""

import re
import unicodedata

import idna
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sharing.channels.registry import room
from sharing.domain.addresses import address_key
from sharing.domain.article import Article
from sharing.domain.hosts import NoHost, ascii_host, host_of, with_ascii_host
from sharing.domain.links import untagged
from sharing.domain.refusal import Refusal
from sharing.intake import values
from sharing.intake.page.address import absolute
from sharing.net.addresses import Allowed
from sharing.net.fetch import safe_url
from sharing.words import lint

ONE_HOST = [
    ("straße.de", "xn--strae-oqa.de"),
    ("Straße.DE", "XN--Strae-OQA.de"),
    ("news.example", "NEWS.Example."),
    ("news.example", "news。example"),
    ("news.example", "ｎｅｗｓ．example｡"),
    ("news.example", "ne\u00adws.example"),
    ("한국일보.한국", "xn--3e0bm80ac2h5no.xn--3e0b707e"),
    ("한국일보.한국", unicodedata.normalize("NFD", "한국일보.한국")),
    ("τανέας.gr", "xn--ixahb0c1ah.gr"),
    ("ΤΑΝΈΑΣ.gr", "τανέασ.gr"),
    ("a_b.한국", "a_b.xn--3e0b707e"),
    ("127.0.0.1", "2130706433"),
    ("127.0.0.1", "0x7f000001"),
    ("127.0.0.1", "0177.0.0.1"),
    ("127.0.0.1", "127.1"),
    ("127.0.0.1", "0x7F.0.0.01"),
    ("127.0.0.1", "①②⑦.⓪.⓪.①"),
    ("127.0.0.1", "127.0.0.1."),
    ("[2001:db8::1]", "[2001:0DB8:0:0:0:0:0:1]"),
    ("[::ffff:1.2.3.4]", "[::ffff:102:304]"),
]
OTHER_HOSTS = [
    ("straße.de", "strasse.de"),
    ("xn--strae-oqa.de", "strasse.de"),
    ("τανέας.gr", "τανέασ.gr"),
    ("ss.example", "ß.example"),
    ("a_b.example", "ab.example"),
    ("ı.example", "i.example"),
]
NO_HOST = [
    "", ".", "..", "a..b", ".a.example", "a.example..", "a" * 64 + ".example", "가" * 60 + ".example",
    ".".join(["a" * 60] * 5), "a b.example", "a\u0000.example", "a<b.example", "a%2eb.example", "a％b.example",
    "xn--.example", "xn--a.example", "xn--a-ecp.ru", "xn--xn---epa.example", "xn--가.example", "xn--abc-.example",
    "😀.example", "xn--e28h.example", "♥.example", "אa.example", "0a.אב", "news.1.אב", "a\u200db.example",
    "a\u202eb.example", "\ud800.example", "١٢٣.example", "news.١٢٣", "१२७.०.०.१", "xn--m4bba.xn--34b.xn--34b.xn--44b",
    "256.1.1.1", "1.2.3.4.5", "4294967296", "08.1.1.1", "0x1g.0x1", "news.123", "1..1", "99999999999999999999",
    "[fe80::1%eth0]", "[fe80::1%25eth0]", "[::g]", "[v1.a]", "[]",
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), ONE_HOST)
def test_every_spelling_of_a_host_is_one_host(one, other):
    assert ascii_host(one) == ascii_host(other)


@pytest.mark.parametrize(("one", "other"), OTHER_HOSTS)
def test_two_hosts_are_never_one(one, other):
    assert ascii_host(one) != ascii_host(other)
    assert address_key(f"https://{one}/a") != address_key(f"https://{other}/a")


@pytest.mark.parametrize("host", NO_HOST)
def test_what_is_no_host_is_said_so(host):
    with pytest.raises(NoHost):
        ascii_host(host)


@pytest.mark.parametrize("host", ["localhost", "cms_1.inside", "-a.example", "r3---sn-x.example", "1a.2b"])
def test_odd_names_that_are_in_use_are_hosts(host):
    assert ascii_host(host) == host


@pytest.mark.parametrize(("one", "other"), ONE_HOST)
def test_key_fetcher_page_link_list_and_style_agree_on_one_host(one, other):
    a, b = f"https://{one}/a?id=1", f"https://{other}/a?id=1"
    assert address_key(a) == address_key(b)
    assert safe_url(a) == safe_url(b)
    assert host_of(values.address(a)) == host_of(values.address(b))
    assert untagged(a) == untagged(b)
    assert with_ascii_host(a) == with_ascii_host(b) == safe_url(a)
    number = host_of(a).strip("[]")
    ip = number if re.fullmatch(r"[0-9.]+|.*:.*", number) else "203.0.113.9"
    assert Allowed.read([one]).lifts(other, ip, 8080)
    assert Allowed.read([f"{other}:8080"]).lifts(one, ip, 8080)
    assert _foreign(one, other) == []


@pytest.mark.parametrize(("one", "other"), OTHER_HOSTS)
def test_key_fetcher_list_and_style_agree_on_two_hosts(one, other):
    assert safe_url(f"https://{one}/") != safe_url(f"https://{other}/")
    assert untagged(f"https://{one}/") != untagged(f"https://{other}/")
    assert not Allowed.read([one]).lifts(other, "203.0.113.9", 8080)
    assert _foreign(one, other) == ["foreign_link"]


@pytest.mark.parametrize("host", NO_HOST)
def test_what_is_no_host_is_fetched_by_nobody_and_is_no_article_s_address(host):
    address = f"https://{host}/a"
    with pytest.raises(Refusal):
        safe_url(address)
    if not any(
        unicodedata.category(each).startswith("C") for each in host
    ):  # the gate takes those out before
        with pytest.raises(Refusal):
            values.address(address)
        assert absolute(address, None) is None
    assert host_of(address) == ""
    assert with_ascii_host(address) == address
    assert address_key(address)  # not shareable, but never a traceback
    if host:
        with pytest.raises(ValueError, match=r"is no host"):
            Allowed.read([host])
        assert not Allowed.read(["news.example"]).lifts(host, "203.0.113.9", 80)


def test_a_domain_of_the_style_that_is_no_host_lets_no_link_through():
    assert _foreign("a..b", "news.example") == ["foreign_link"]


def _foreign(domain: str, host: str) -> list[str]:
    article = Article(url=f"https://{host}/a", headline="Ferries run again")
    text = f"Ferries\nhttps://{host}/a"
    found = lint.lint(article, room("facebook"), text, words_are_own=True, domains=[domain])
    return [each.code for each in found if each.code == "foreign_link"]


@given(st.text(max_size=60))
@example("xn--\ud800")
@example("[::1")
def test_any_text_is_a_host_in_its_one_form_or_none(text):
    try:
        host = ascii_host(text)
    except NoHost:
        return
    assert ascii_host(host) == host
    assert re.fullmatch(r"\[[0-9a-f:.]+\]|[a-z0-9_.-]{1,253}", host)


@given(st.from_regex(r"[a-z0-9]([a-z0-9ßςéüøı가-힣ぁ-ん]{0,12}[a-zß가-힣])?\.(de|한국|gr)", fullmatch=True))
def test_names_that_idna_knows_are_what_it_says(name):
    try:
        wanted = idna.encode(name, uts46=True).decode()
    except idna.IDNAError:
        return
    assert ascii_host(name) == wanted
    assert ascii_host(idna.decode(wanted)) == wanted
