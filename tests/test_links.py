from sharing.domain.links import marker_in, tagged


def test_the_marker_travels_in_the_link_and_the_article_id_stays():
    link = tagged("https://news.example/view?idxno=12&utm_source=old#top", "x", "ab2cd3ef4g")
    assert (
        link == "https://news.example/view?idxno=12&utm_source=x&utm_medium=social&utm_content=ab2cd3ef4g#top"
    )
    assert marker_in(link) == "ab2cd3ef4g"


def test_a_query_in_euc_kr_is_not_decoded():
    assert "k=%B0%A1" in tagged("https://news.example/s?k=%B0%A1", "mail")
