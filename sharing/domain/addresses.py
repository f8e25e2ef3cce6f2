"""What the addresses of one article have in common, however they are written.

An article is met under its canonical address, with a reader's click ids behind it, on the mobile host, as AMP, as
the page to print, with or without `www.` and a closing slash, its Korean path encoded in large or small letters.
All of these are one article. Two article ids never are: no parameter is dropped that could be one.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from contextlib import suppress
from urllib.parse import SplitResult, quote, unquote_to_bytes, urlsplit

from sharing.domain.hosts import NoHost, ascii_host
from sharing.domain.links import is_tracking, own_pairs

#: Longer than a column holds, a key keeps its beginning and a hash of all of it.
LONGEST = 400

#: Hosts of the same site for phones, or of no other.
_HOSTS = ("www.", "m.", "mobile.", "amp.")
#: Parameters that ask for another form of the same page, with the values that do.
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
#: /c/s/host/path and its kin in Google's cache, /amp/s/host/path in its search.
_CACHED = re.compile(r"^/(?:[cviar]|amp|wp)(?:/s)?/(?=[^/]+\.[^/]+)")
#: Characters that stand for themselves in a path or a query (RFC 3986, 3.3 and 3.4).
_SAFE = "!$'()*,:;@-._~"


def address_key(address: str) -> str:
    """The same for every address of one article, and another for every other article.

    Without scheme, port 80 or 443, `www.` and mobile hosts, click ids, fragment, closing slash; AMP and print forms
    count as the page itself; parameters are sorted; hosts, percent-encoding and Unicode are in one form. An address
    that cannot be taken apart is its own key.
    """
    try:
        parts = urlsplit(_out_of_the_cache(address.strip()))
        return _key(parts, _host(parts.hostname or ""), parts.port)
    except ValueError:
        return _short(address.strip())


def former_key(address: str) -> str | None:
    """The key of `address` before 0025, where its host was written by IDNA 2003; None where that is no other."""
    try:
        parts = urlsplit(_out_of_the_cache(address.strip()))
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    former = _former_host(host)
    return _key(parts, former, port) if former != _host(host) else None


def host_in(key: str) -> str:
    """The host of a key, with its port."""
    return re.split(r"[/?#]", key, maxsplit=1)[0]


def _key(parts: SplitResult, host: str, port: int | None) -> str:
    place = _bare(host) + (f":{port}" if port and port not in {80, 443} else "")
    pairs = sorted(_pair(pair) for pair in own_pairs(parts.query) if not _is_form(pair))
    path = _path(parts.path)
    key = f"{place}{path}" + (f"?{'&'.join(pairs)}" if pairs else "")
    if parts.fragment.startswith("!"):  # an address of the years before the History API
        key += f"#{parts.fragment}"
    return _short(key)


def is_front_page(address: str) -> bool:
    """Whether an address names a site and no page of it: some CMSs call that canonical everywhere."""
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
    """The publisher's address inside one of an AMP cache."""
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
    except NoHost:  # what is no name that anybody resolves stays as it is written
        return _former_host(host)


def _former_host(host: str) -> str:
    host = unicodedata.normalize("NFKC", host).lower().rstrip(".")
    with suppress(UnicodeError):
        host = host if host.isascii() else host.encode("idna").decode()
    return host


def _bare(host: str) -> str:
    """`host` without `www.` and the like before it."""
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
    # "amp" alone names a page's form where a page is named beside it: /amp/story, /news/amp/story, /story/print.
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
    """Percent-encoded in one way; bytes that are no UTF-8 (EUC-KR) stay the bytes they are."""
    raw = unquote_to_bytes(text.encode(errors="surrogatepass"))
    with suppress(UnicodeDecodeError):
        raw = unicodedata.normalize("NFC", raw.decode()).encode()
    return quote(raw, safe=_SAFE)
