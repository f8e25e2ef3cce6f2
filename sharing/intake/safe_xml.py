"""Read XML from untrusted senders: find the encoding, ignore document type and own entities, bound the size."""

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
#: Labels that mean CP949 in Korea. CP949 has every syllable; the real EUC-KR has only the common ones.
_KOREAN = {"euc-kr", "euckr", "euc_kr", "ks_c_5601-1987", "ksc5601", "ks_c_5601", "cp949", "ms949", "uhc"}
_PROLOG = re.compile(r"\s*(?:<\?xml[^>]{0,500}\?>|<\?[a-zA-Z][^>]{0,500}\?>|<!--(?:(?!-->).)*-->)", re.DOTALL)
_DOCTYPE = re.compile(r"\s*<!DOCTYPE[^\[>]{0,1000}(?:\[[^\]]{0,100000}\]\s*)?>", re.IGNORECASE)
_TAG = re.compile(r"\s*<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{0,30});")
_XML_OWN = {"amp", "lt", "gt", "quot", "apos"}
#: An ampersand that begins no entity: some feeds do not escape `?idxno=7&page=2`.
_BARE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def decode(data: bytes) -> str:
    """Decode `data`: by byte order mark, else as strict UTF-8, else as declared, else as CP949.

    UTF-8 comes before the declared encoding: pages that declare another encoding are often UTF-8, and text in
    another encoding is almost never valid UTF-8. The exception is ISO-2022, which uses only ASCII bytes: there the
    declaration comes first.

    Raises:
        Refusal: `source.not_text`, if no encoding fits.
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
    """Return the local name of the first element, in lower case; None if there is no element."""
    match = _TAG.match(text, _prolog_end(text))
    return match[2].lower() if match else None


def _prolog_end(text: str) -> int:
    at = 0
    while match := _PROLOG.match(text, at) or _DOCTYPE.match(text, at):
        at = match.end()
    return at


def parse(text: str, *, wrap: str | None = None) -> Element:
    """Parse `text` and return its root element. `wrap` names a root to put around text that has no single root.

    Nothing outside the text is loaded. Entities of XML and HTML are decoded; all others are removed. lxml repairs
    broken markup.

    Raises:
        Refusal: `source.broken_xml`, if there is no element at all.
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
    """Yield the text with bare ampersands escaped as `&amp;`. CDATA sections stay unchanged."""
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
    """Return the local name of an element, without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def all_text(element: Element) -> str:
    """Return all text in an element, without tags."""
    return "".join(str(text) for text in element.itertext(with_tail=False))


def inner(element: Element) -> str:
    """Return the inside of an element as HTML without namespaces: for `type="xhtml"` and for unescaped HTML."""
    for each in element.iterdescendants("*"):
        each.tag = name(each)
    children = (etree.tostring(child, encoding="unicode") for child in element)
    return (element.text or "") + "".join(children)
