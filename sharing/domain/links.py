"""The link in a post: the article's address with utm parameters and the marker."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, unquote, urlsplit, urlunsplit

from sharing.domain.hosts import with_ascii_host

#: Parameters that track readers and never name an article: campaign tags, and click ids of advertisers, mailers and
#: portals, each from its owner's documentation (read 2026-11-24). Names are compared in lower case. `id`, `idxno`,
#: `aid`, `no`, `ref`, `from`, `s`, `t` and similar names are not here, because on some site they name the article.
_TRACKING_BEGINS = ("utm_", "mtm_", "matomo_", "piwik_", "hsa_", "oly_", "__hs", "_hs", "vero_", "stm_")
_TRACKING = frozenset(
    {
        # Google, Meta, Microsoft, X, TikTok, LinkedIn, Pinterest, Snapchat, Reddit, Yandex
        "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "gad_source", "gad_campaignid", "srsltid", "_ga",
        "_gl", "fbclid", "fb_action_ids", "fb_action_types", "fb_ref", "fb_source", "mibextid", "igsh",
        "igshid", "msclkid", "twclid", "ref_src", "ref_url", "ttclid", "li_fat_id", "epik", "sccid",
        "rdt_cid", "yclid", "ysclid",
        # Naver, Kakao
        "napm", "n_media", "n_query", "n_rank", "n_ad_group", "n_ad", "n_keyword_id", "n_keyword",
        "n_campaign_type", "n_ad_group_type", "n_match", "n_network", "n_mall_pid", "dmkw", "dmcol",
        "dmskw", "dmsub",
        # mail and analytics
        "mc_cid", "mc_eid", "mc_tc", "mkt_tok", "wickedid", "__s", "s_cid", "cmpid", "ncid", "ocid",
        "xtor", "echobox", "ga_source", "ga_medium", "ga_term", "ga_content", "ga_campaign", "ga_place",
        "pk_campaign", "pk_kwd", "pk_keyword", "pk_medium", "pk_source", "pk_cid", "pk_content",
        "at_medium", "at_campaign", "at_custom1", "at_custom2", "at_custom3", "at_custom4", "wt_mc",
        "wt_zmc", "ns_source", "ns_mchannel", "ns_campaign", "ns_linkname", "ns_fee", "spm", "scm",
    }
)  # fmt: skip


def tagged(address: str, utm: tuple[str, str], marker: str | None = None) -> str:
    """Return `address` with utm_source and utm_medium (`utm`) and, if there is a marker, utm_content.

    The values of `utm` must be in lower case, because Google Analytics sorts traffic by lower-case values
    (support.google.com/analytics/answer/9756891, read 2026-11-24).

    The address's own utm parameters and click ids are removed. Its other parameters keep their order (`?idxno=` names
    the article on many Korean sites), and its fragment stays last.
    """
    parts = urlsplit(address)
    source, medium = utm
    pairs = [*own_pairs(parts.query), f"utm_source={quote(source)}", f"utm_medium={quote(medium)}"]
    if marker:
        pairs.append(f"utm_content={quote(marker)}")
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "&".join(pairs), parts.fragment))


def untagged(address: str) -> str:
    """Return `address` without utm parameters, click ids and fragment, to compare links to one article."""
    parts = urlsplit(with_ascii_host(address))
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path, "&".join(own_pairs(parts.query)), ""))


def own_pairs(query: str) -> list[str]:
    """Return the parameters of a query that do not track readers, exactly as written.

    They are not decoded and encoded again: a query in EUC-KR would become another address.
    """
    return [pair for pair in query.split("&") if pair and not is_tracking(pair.partition("=")[0])]


def is_tracking(name: str) -> bool:
    """Whether a parameter of this name tracks readers."""
    low = unquote(name).lower()
    return low in _TRACKING or low.startswith(_TRACKING_BEGINS)


def marker_in(address: str) -> str | None:
    """Return the marker of a link: its utm_content, or the code of a short link (`/s/` or `/k/`). None: it has none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    content = dict(parse_qsl(parts.query)).get("utm_content")
    if content:
        return content
    head, _, code = parts.path.rpartition("/")
    return code if head.endswith(("/s", "/k")) or head in {"/s", "/k"} else None


def short_link(desk: str, marker: str) -> str:
    """Return the desk's short link, which redirects to the address frozen with the Delivery."""
    return f"{desk.rstrip('/')}/s/{marker}"


def share_page(desk: str, marker: str) -> str:
    """Return the address of the page on which a person sends a KakaoTalk message."""
    return f"{desk.rstrip('/')}/k/{marker}"
