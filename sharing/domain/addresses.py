"""The key of an article's address: one key for all the ways in which the address is written.

One article has many addresses: the canonical one, with click ids, on the mobile host, as AMP, as the print page, with
or without `www.` and a slash at the end, with its Korean path encoded in upper or lower case. All of them get one key.
Two articles never share a key: a parameter that could be an article's id is never dropped.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from contextlib import suppress
from urllib.parse import SplitResult, quote, unquote_to_bytes, urlsplit

from sharing.domain.hosts import NoHost, ascii_host
from sharing.domain.links import is_tracking, own_pairs

#: Most characters of a key, because of its column. A longer key is cut, and a hash of the whole key is added.
LONGEST = 400

#: Prefixes that do not name another site: `www.`, and the hosts for phones and AMP.
_HOSTS = ("www.", "m.", "mobile.", "amp.")
#: Parameters, with their values, that ask for another form of the same page.
_FORMS = {
    "amp": {"", "1", "true", "amp"},
    "outputtype": {"amp"},
    "output": {"amp", "print"},
    "view": {"print", "amp"},
    "mode": {"print"},
    "print": {"", "1", "true", "print"},
    "mobile": {"1", "true"},
}
_FORM_SEGMENTS = frozenset({"amp", "print"})
#: Korean CMSs have articleViewAmp.html and articlePrint.html beside articleView.html.
_FORM_ENDING = re.compile(r"\.(?:amp|print)(?=\.html?$|$)|(?<=View)Amp(?=\.html$)")
_PRINT_PAGE = re.compile(r"^articlePrint(?=\.html$)")
_INDEX = frozenset({"index.html", "index.htm", "index.php"})
#: /c/s/host/path and similar paths in Google's AMP cache, /amp/s/host/path in Google's search.
_CACHED = re.compile(r"^/(?:[cviar]|amp|wp)(?:/s)?/(?=[^/]+\.[^/]+)")
#: Characters that stand for themselves in a path or a query (RFC 3986, 3.3 and 3.4).
_SAFE = "!$'()*,:;@-._~"


def address_key(address: str) -> str:
    """Return the key of an address: the same for every address of one article, different for other articles.

    The key has no scheme, port 80 or 443, `www.` or mobile prefix, click ids, fragment or slash at the end. AMP and
    print forms get the key of the page itself. Parameters are sorted; hosts, percent-encoding and Unicode have one
    form. An address that cannot be parsed is its own key.
    """
    try:
        parts = urlsplit(_out_of_the_cache(address.strip()))
        return _key(parts, _host(parts.hostname or ""), parts.port)
    except ValueError:
        return _short(address.strip())


def former_key(address: str) -> str | None:
    """Return the key that `address` had before migration 0025, with its host in IDNA 2003; None if it is the same."""
    try:
        parts = urlsplit(_out_of_the_cache(address.strip()))
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    former = _former_host(host)
    return _key(parts, former, port) if former != _host(host) else None


def host_in(key: str) -> str:
    """Return the host of a key, with its port."""
    return re.split(r"[/?#]", key, maxsplit=1)[0]


def _key(parts: SplitResult, host: str, port: int | None) -> str:
    place = _bare(host) + (f":{port}" if port and port not in {80, 443} else "")
    pairs = sorted(_pair(pair) for pair in own_pairs(parts.query) if not _is_form(pair))
    path = _path(parts.path)
    key = f"{place}{path}" + (f"?{'&'.join(pairs)}" if pairs else "")
    if parts.fragment.startswith("!"):  # `#!path`: sites named pages like this before the History API
        key += f"#{parts.fragment}"
    return _short(key)


def is_front_page(address: str) -> bool:
    """Whether an address names a site and no page. Some CMSs give it as the canonical address of every article."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return _path(parts.path) == "" and not [p for p in own_pairs(parts.query) if not _is_form(p)]


def _short(key: str) -> str:
    if len(key) <= LONGEST:
        return key
    return f"{key[: LONGEST - 65]}#{hashlib.sha256(key.encode(errors='surrogatepass')).hexdigest()}"


def _out_of_the_cache(address: str) -> str:
    """Return the publisher's address inside an AMP cache's address; any other address stays as it is."""
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    cache = host == "cdn.ampproject.org" or host.endswith(".cdn.ampproject.org")
    search = re.fullmatch(r"(?:www\.)?google\.[a-z.]{2,7}", host) and parts.path.startswith("/amp/")
    if not (cache or search):
        return address
    inner = _CACHED.sub("", parts.path)
    return f"https://{inner}" + (f"?{parts.query}" if parts.query else "") if inner != parts.path else address


def _host(host: str) -> str:
    try:
        return ascii_host(host)
    except NoHost:  # no valid host name: keep it in the former form
        return _former_host(host)


def _former_host(host: str) -> str:
    host = unicodedata.normalize("NFKC", host).lower().rstrip(".")
    with suppress(UnicodeError):
        host = host if host.isascii() else host.encode("idna").decode()
    return host


def _bare(host: str) -> str:
    """Return `host` without `www.` and the other prefixes."""
    stripped = True
    while stripped:
        stripped = False
        for prefix in _HOSTS:
            rest = host.removeprefix(prefix)
            if rest != host and "." in rest and not rest.replace(".", "").isdigit():
                host, stripped = rest, True
    return host


def _path(path: str) -> str:
    segments = [_encoded(segment) for segment in path.split("/") if segment]
    if segments and segments[-1].lower() in _INDEX:
        segments.pop()
    # The segment "amp" names a form only if the path also names a page: /amp/story, /news/amp/story, /story/print.
    if len(segments) > 1:
        if segments[-1].lower() in _FORM_SEGMENTS:
            segments.pop()
        segments = [
            each for i, each in enumerate(segments) if each.lower() != "amp" or i == len(segments) - 1
        ] or segments
    if segments:
        segments[-1] = _PRINT_PAGE.sub("articleView", _FORM_ENDING.sub("", segments[-1]))
    return "".join(f"/{segment}" for segment in segments)


def _pair(pair: str) -> str:
    name, equals, value = pair.partition("=")
    return _encoded(name.replace("+", " ")) + (f"={_encoded(value.replace('+', ' '))}" if equals else "")


def _is_form(pair: str) -> bool:
    name, _, value = pair.partition("=")
    return value.lower() in _FORMS.get(name.lower(), ()) and not is_tracking(name)


def _encoded(text: str) -> str:
    """Return `text` percent-encoded in one form (NFC). Bytes that are not UTF-8 (EUC-KR) keep their values."""
    raw = unquote_to_bytes(text.encode(errors="surrogatepass"))
    with suppress(UnicodeDecodeError):
        raw = unicodedata.normalize("NFC", raw.decode()).encode()
    return quote(raw, safe=_SAFE)
