"""XML from strangers: its characters found, its entities and document type left unread, its size bounded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5
from typing import TypeAlias

from lxml import etree

from sharing.domain.refusal import Refusal

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml names its public type so

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
#: CP949 is what calls itself EUC-KR in Korea: it holds every syllable, EUC-KR only the common ones.
_KOREAN = {"euc-kr", "euckr", "euc_kr", "ks_c_5601-1987", "ksc5601", "ks_c_5601", "cp949", "ms949", "uhc"}
_PROLOG = re.compile(r"\s*(?:<\?xml[^>]{0,500}\?>|<\?[a-zA-Z][^>]{0,500}\?>|<!--(?:(?!-->).)*-->)", re.DOTALL)
_DOCTYPE = re.compile(r"\s*<!DOCTYPE[^\[>]{0,1000}(?:\[[^\]]{0,100000}\]\s*)?>", re.IGNORECASE)
_TAG = re.compile(r"\s*<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{0,30});")
_XML_OWN = {"amp", "lt", "gt", "quot", "apos"}
#: An ampersand that begins nothing: feeds that write `?idxno=7&page=2` as it is.
_BARE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def decode(data: bytes) -> str:
    """The characters in `data`: by byte order mark, else strict UTF-8, else as declared, else CP949.

    UTF-8 goes before what is declared, because pages that declare something else are often UTF-8 after all
    and hardly any text in another encoding is valid UTF-8 by chance (ISO-2022 is: it is ASCII in disguise).

    Raises:
        Refusal: `source.not_text`.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strictly(data.removeprefix(mark) if encoding == "utf-8" else data, encoding)
    match = _DECLARED.search(data[:1000])
    declared = match[1].decode().lower() if match else ""
    if declared in _KOREAN:
        declared = "cp949"
    order = [declared, "utf-8", "cp949"] if declared.startswith("iso-2022") else ["utf-8", declared, "cp949"]
    for encoding in filter(None, order):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    raise Refusal("source.not_text")


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise Refusal("source.not_text") from None


def root_name(text: str) -> str | None:
    """The local name of the first element, in lower case, past prolog, comments and document type."""
    match = _TAG.match(text, _prolog_end(text))
    return match[2].lower() if match else None


def _prolog_end(text: str) -> int:
    at = 0
    while match := _PROLOG.match(text, at) or _DOCTYPE.match(text, at):
        at = match.end()
    return at


def parse(text: str, *, wrap: str | None = None) -> Element:
    """The root element; `wrap` puts a root around text that has several elements and none.

    Nothing outside is loaded; of entities XML's own and HTML's are read, all others left out. What is
    broken is mended as browsers do.

    Raises:
        Refusal: `source.broken_xml`.
    """
    body = _NOT_XML.sub("", text[_prolog_end(text) :])
    body = "".join(_pieces(_ENTITY.sub(_as_character, body)))
    if wrap:
        body = f"<{wrap}>{body}</{wrap}>"
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body.encode(), parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        raise Refusal("source.broken_xml")
    return root


def _pieces(body: str) -> Iterator[str]:
    """The text with every ampersand that begins nothing written as XML wants it; CDATA stays."""
    at = 0
    while (begin := body.find("<![CDATA[", at)) >= 0:
        yield _BARE.sub("&amp;", body[at:begin])
        end = body.find("]]>", begin)
        at = end + 3 if end >= 0 else len(body)
        yield body[begin:at]
    yield _BARE.sub("&amp;", body[at:])


def _as_character(match: re.Match[str]) -> str:
    return match[0] if match[1] in _XML_OWN else html5.get(f"{match[1]};", "").replace("<", "&lt;")


def name(element: Element) -> str:
    """The local name, whatever the namespace and its prefix."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def all_text(element: Element) -> str:
    """All text in it, tags left out."""
    return "".join(str(text) for text in element.itertext(with_tail=False))


def inner(element: Element) -> str:
    """What is in it as HTML: for `type="xhtml"` and for feeds that forgot to escape. Namespaces go."""
    for each in element.iterdescendants("*"):
        each.tag = name(each)
    children = (etree.tostring(child, encoding="unicode") for child in element)
    return (element.text or "") + "".join(children)
