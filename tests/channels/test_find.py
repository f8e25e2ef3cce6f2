"""Look-ups where a platform wraps, shortens or leaves out the link: found, perhaps ours, or neither."""

from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from sharing.channels.facebook import Facebook
from sharing.channels.testing import ChannelContract, RawPlatform, http_answer
from sharing.channels.x import X
from sharing.domain.message import Teaser

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
MARKER, OTHER = "ab23cd45ef", "zz99yy88xx"
ADDRESS = "https://news.example/story/1"
LINK = f"{ADDRESS}?utm_source=facebook&utm_medium=social&utm_content={MARKER}"
THEIRS = LINK.replace(MARKER, OTHER)


def shim(link, host="l.facebook.com", path="/l.php", scheme="https", name="u"):
    return f"{scheme}://{host}{path}?{name}={quote(link, safe='')}&h=AT0x"


class _Account(ChannelContract):
    def __init__(self, channel):
        self.channel = channel
        self.secrets = {"access_token": "token-1"}


def look(channel, listed, *, words=None):
    """What `find` sees where the platform lists `listed`."""
    contract = _Account(channel)
    message = contract.message(Teaser(words=words) if words else Teaser())
    with RawPlatform(http_answer(200, listed)) as platform:
        return channel.find(MARKER, message, contract.account(platform.url), LONG_AGO)


def verdict(found):
    return "ours" if found.sightings else "perhaps" if found.alike else "not ours"


def facebook(*attachments, message=None, words=None):
    text = _Account(Facebook()).message().text if message is None else message
    post = {
        "id": "1001_7",
        "created_time": "2026-11-24T15:58:00+0000",
        "permalink_url": "https://fb.example/7",
    }
    if text:
        post["message"] = text
    if attachments:
        post["attachments"] = {"data": list(attachments)}
    return look(Facebook(), {"data": [post]}, words=words)


CARRYING = {
    "the shim alone": {"url": shim(LINK)},
    "the shim of phones": {"url": shim(LINK, host="lm.facebook.com")},
    "the shim in capitals": {"url": shim(LINK, host="L.Facebook.com")},
    "the shim without TLS": {"url": shim(LINK, scheme="http")},
    "the address itself": {"unshimmed_url": LINK},
    "both": {"url": shim(LINK), "unshimmed_url": LINK},
    "the target": {"url": "https://www.facebook.com/7", "target": {"url": shim(LINK)}},
    "the target, bare": {"target": {"id": "7", "url": LINK}},
    "an attachment of an attachment": {"subattachments": {"data": [{"target": {"unshimmed_url": LINK}}]}},
    "deeper still": {"subattachments": {"data": [{"subattachments": {"data": [{"url": shim(LINK)}]}}]}},
}


@pytest.mark.parametrize("attachment", CARRYING.values(), ids=CARRYING)
@pytest.mark.parametrize("message", [None, "words that somebody has edited", ""])
def test_facebook_a_readable_marker_is_a_find_wherever_the_link_stands(attachment, message):
    found = facebook(attachment, message=message)
    assert verdict(found) == "ours"
    assert found.sightings[0].permalink == "https://fb.example/7"


@pytest.mark.parametrize("link", [LINK, shim(LINK), f"{LINK}를", f"({LINK}),"])
def test_facebook_a_link_in_the_words_is_a_find(link):
    assert verdict(facebook(message=f"Read this: {link}")) == "ours"


SMUGGLED = {
    "another host": shim(LINK, host="evil.example"),
    "a host below another": shim(LINK, host="l.facebook.com.evil.example"),
    "a host that ends like it": shim(LINK, host="evil-l.facebook.com"),
    "another Facebook host": shim(LINK, host="www.facebook.com"),
    "a user name": shim(LINK, host="l.facebook.com@evil.example"),
    "a user name before it": shim(LINK, host="evil.example@l.facebook.com"),
    "another port": shim(LINK, host="l.facebook.com:8443"),
    "another path": shim(LINK, path="/x/l.php"),
    "a path behind it": shim(LINK, path="/l.php/x"),
    "another parameter": shim(LINK, name="v"),
    "another scheme": shim(LINK, scheme="ftp"),
    "two addresses": shim(THEIRS) + "&u=" + quote(LINK, safe=""),
    "a shim in another's parameter": f"https://evil.example/?next={quote(shim(LINK), safe='')}",
    "no address": "https://l.facebook.com/l.php?u=javascript%3Autm_content%3D" + MARKER,
    "the marker and more": shim(LINK + "0"),
    "the marker in another parameter": f"{ADDRESS}?x={MARKER}",
    "no address at all": "http://[" + LINK,
}


@pytest.mark.parametrize("link", SMUGGLED.values(), ids=SMUGGLED)
def test_facebook_a_marker_cannot_be_smuggled_in(link):
    assert verdict(facebook({"url": link}, message="other words")) == "not ours"
    assert verdict(facebook(message=f"other words {link}")) == "not ours"


@pytest.mark.parametrize(
    "attachments",
    [
        [{"url": ADDRESS}],
        [{"url": shim(ADDRESS)}],
        [{"unshimmed_url": f"{ADDRESS}?fbclid=Iw1&utm_source=facebook"}],
        [{"url": "https://www.news.example/story/1/"}],
        [],
        [{"url": "https://www.facebook.com/photo/?fbid=7"}],
        [{"url": "https://l.facebook.com/l.php?h=AT0x"}],
        [{"title": "no link"}],
    ],
    ids=lambda each: str(each)[:40],
)
def test_facebook_the_same_words_and_no_readable_marker_may_be_ours(attachments):
    found = facebook(*attachments)
    assert verdict(found) == "perhaps"
    assert found.alike[0].permalink == "https://fb.example/7"


def test_facebook_words_are_compared_in_one_form():
    import unicodedata

    text = _Account(Facebook()).message().text
    assert (
        verdict(facebook(message=unicodedata.normalize("NFD", text).replace(" ", "  ") + "\n")) == "perhaps"
    )


def test_facebook_a_link_of_our_own_words_does_not_hide_it():
    words = "제목 https://other.example/?utm_content=spring 둘째 줄"
    assert verdict(facebook({"url": ADDRESS}, message=words, words=words)) == "perhaps"
    assert verdict(facebook(message=words, words=words)) == "perhaps"


def test_facebook_where_no_words_are_shown_the_address_decides():
    assert verdict(facebook({"url": ADDRESS}, message="")) == "perhaps"
    assert verdict(facebook({"url": "https://news.example/story/2"}, message="")) == "not ours"
    assert verdict(facebook(message="")) == "not ours"


@pytest.mark.parametrize(
    ("attachment", "message"),
    [
        ({"url": "https://news.example/story/2"}, None),
        ({"url": shim("https://other.example/story/1")}, None),
        ({"url": ADDRESS}, "other words"),
        ({"url": shim(THEIRS)}, None),
        ({"unshimmed_url": THEIRS, "url": ADDRESS}, None),
    ],
    ids=["another article", "another site", "other words", "another marker", "another marker beside"],
)
def test_facebook_what_says_otherwise_is_not_ours(attachment, message):
    assert verdict(facebook(attachment, message=message)) == "not ours"


def x(urls=None, *, text=None):
    words = _Account(X()).message().text
    post = {
        "id": "1580661436132757506",
        "text": text or words.rpartition("https://")[0] + "https://t.co/AbCd123456",
    }
    if urls is not None:
        post["entities"] = {"urls": urls}
    return look(X(), {"data": [post], "meta": {"result_count": 1}})


def test_x_a_marker_in_the_entities_or_in_the_words_is_a_find():
    assert verdict(x([{"url": "https://t.co/AbCd123456", "expanded_url": LINK}])) == "ours"
    assert verdict(x([{"unwound_url": LINK}], text="edited https://t.co/AbCd123456")) == "ours"
    assert verdict(x(text=f"somewhere {LINK}")) == "ours"


@pytest.mark.parametrize(
    "urls", [None, [], [{"url": "https://t.co/AbCd123456"}], [{"expanded_url": ADDRESS}]]
)
def test_x_the_same_words_behind_a_short_link_may_be_ours(urls):
    found = x(urls)
    assert verdict(found) == "perhaps"
    assert found.alike[0].remote_id == "1580661436132757506"


def test_x_other_words_another_address_or_another_marker_is_not_ours():
    assert verdict(x(text="other words https://t.co/AbCd123456")) == "not ours"
    assert verdict(x([{"expanded_url": "https://news.example/story/2"}])) == "not ours"
    assert verdict(x([{"expanded_url": THEIRS}])) == "not ours"
