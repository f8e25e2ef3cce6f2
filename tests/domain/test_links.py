from urllib.parse import parse_qsl, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from sharing.domain.links import marker_in, share_page, short_link, tagged, untagged
from sharing.domain.marker import ALPHABET, is_marker, new_marker

QUERY = st.lists(st.tuples(st.text("abcid", min_size=1), st.text("abc123%가", max_size=5)), max_size=4)


def test_the_marker_travels_in_the_link_and_the_article_id_stays():
    link = tagged("https://news.example/view?idxno=12&utm_source=old#top", ("x", "social"), "ab2cd3ef4g")
    assert (
        link == "https://news.example/view?idxno=12&utm_source=x&utm_medium=social&utm_content=ab2cd3ef4g#top"
    )
    assert marker_in(link) == "ab2cd3ef4g"


def test_a_query_in_euc_kr_is_not_decoded():
    assert "k=%B0%A1" in tagged("https://news.example/s?k=%B0%A1", ("newsletter", "email"))


@given(QUERY, st.sampled_from([("x", "social"), ("newsletter", "email"), ("band", "social")]))
def test_tagging_twice_is_tagging_once_and_untagging_gives_the_article_back(pairs, utm):
    query = "&".join(f"{name}={value}" for name, value in pairs)
    address = "https://news.example/story" + (f"?{query}" if query else "")
    once = tagged(address, utm, "ab2cd3ef4g")
    assert tagged(once, utm, "ab2cd3ef4g") == once
    assert untagged(once) == untagged(address)
    assert dict(parse_qsl(urlsplit(once).query))["utm_content"] == "ab2cd3ef4g"


def test_short_links_and_share_pages_carry_the_marker():
    for address in (
        short_link("https://desk.example/", "ab2cd3ef4g"),
        share_page("https://desk.example", "ab2cd3ef4g"),
    ):
        assert marker_in(address) == "ab2cd3ef4g"


def test_markers_are_unlike_each_other_and_easy_to_read():
    markers = {new_marker() for _ in range(1000)}
    assert len(markers) == 1000
    assert all(is_marker(marker) for marker in markers)
    assert not set("01lo") & set(ALPHABET)
    assert not any(map(is_marker, ["", "ab2", "AB2CD3EF4G", "ab2cd3ef4g5", "ab2cd3ef4 ", "가나다라마바사아"]))
