"""The link in a post: the article's address with its source named and the marker in it."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, unquote, urlsplit, urlunsplit

#: utm_source and utm_medium per channel: lower case, as analytics sort them
#: (support.google.com/analytics/answer/9756891, read 2026-11-24).
UTM = {
    "facebook": ("facebook", "social"),
    "x": ("x", "social"),
    "kakao": ("kakaotalk", "social"),
    "mail": ("newsletter", "email"),
    "link": ("copylink", "referral"),
}


def tagged(address: str, channel: str, marker: str | None = None) -> str:
    """`address` with utm_source, utm_medium and, with a marker, utm_content.

    The address's own utm parameters give way; its other parameters keep their order (`?idxno=` is the
    article on many Korean sites); its fragment stays last.
    """
    parts = urlsplit(address)
    source, medium = UTM.get(channel, (channel, "social"))
    pairs = [*_own_pairs(parts.query), f"utm_source={quote(source)}", f"utm_medium={quote(medium)}"]
    if marker:
        pairs.append(f"utm_content={quote(marker)}")
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "&".join(pairs), parts.fragment))


def untagged(address: str) -> str:
    """`address` without utm parameters and fragment: what two links to one article have in common."""
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path, "&".join(_own_pairs(parts.query)), ""))


def _own_pairs(query: str) -> list[str]:
    # Raw, never decoded and encoded again: a query in EUC-KR would come out as another address.
    return [pair for pair in query.split("&") if pair and not unquote(pair).startswith("utm_")]


def marker_in(address: str) -> str | None:
    """The marker that a link carries: in utm_content, or as the code of a short link."""
    parts = urlsplit(address)
    content = dict(parse_qsl(parts.query)).get("utm_content")
    if content:
        return content
    head, _, code = parts.path.rpartition("/")
    return code if head.endswith(("/s", "/k")) or head in {"/s", "/k"} else None


def short_link(desk: str, marker: str) -> str:
    """The desk's own short link: redirects to the address frozen with the Delivery."""
    return f"{desk.rstrip('/')}/s/{marker}"


def share_page(desk: str, marker: str) -> str:
    """The page on which a person sends a KakaoTalk message."""
    return f"{desk.rstrip('/')}/k/{marker}"
