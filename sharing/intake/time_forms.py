"""The table of the forms of times that `times` reads. It is documented in docs/sources.md, section "Times"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sharing.intake.time_names import MONTHS, SEVERAL, WEEKDAYS, ZONES


def _one_of(names: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True)))


_N = "[0-9]{1,2}"
_YEAR = "(?P<year>(?:19|20|21)[0-9]{2})"
_MONTH = rf"(?P<month>{_one_of(MONTHS)}|(?:1[0-2]|0?[1-9])[월月])\.?"
_DAY_NAME = _one_of(WEEKDAYS)
_BEFORE = rf"(?:(?P<weekday>{_DAY_NAME})\.?,? |[(（](?P<weekday_first>{_DAY_NAME})[)）],? )?"
_BEHIND = rf"(?: ?[(（\[](?P<weekday_behind>{_DAY_NAME})\.?[)）\]]| (?P<weekday_after>{_DAY_NAME}),?)?"
_NTH = r"(?:st|nd|rd|th|er|º|\.)?"
_HMS = "(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,12}))?)?"
_CLOCK = (
    rf"(?:(?P<noon>오전|오후|午前|午後|上午|下午|[ap]m(?![a-z])) ?)?(?P<hour>{_N})(?![0-9])"
    rf"(?:[:.h]{_HMS}|h(?![a-z0-9])|(?= ?(?:uhr|[ap]\.? ?m))"
    rf"| ?[시時时点](?: ?(?P<minute_cjk>{_N}) ?[분分]?(?: ?(?P<second_cjk>{_N}) ?[초秒])?)?)"
    r"(?![0-9])(?: uhr)?(?: ?(?P<half>[ap])\.? ?m\b\.?)?"
)
_WORD = r"(?:(?:at|um|à|om|kl\.?|(?:alle )?ore|alle|a las?|h\.?) )?"
_ENDS = r"(?= ?(?:$|[()\[\]|,]))"
_OFFSET = rf"[+-][0-9]{{2}}:?[0-9]{{2}}(?![0-9])|[+-]{_N}{_ENDS}"
_FROM_UTC = r"(?:utc|gmt|ut) ?[+-](?:[0-9]{2}:?[0-9]{2}|[0-9]{1,2}(?::[0-9]{2})?)(?![0-9:])"
_PLACE = "[a-z]+(?:/[a-z0-9_+-]+){1,2}"
_NAMES = rf"(?:{_one_of(ZONES.keys() | SEVERAL.keys())})\b(?!/)"
_ONE_ZONE = rf"(?:{_FROM_UTC}|{_OFFSET}|{_NAMES}|{_PLACE})"
#: `(Korean Standard Time)`, as browsers write it after an offset.
_SPELLED = (
    r" \([^()\[\]0-9]{0,40}(?:(?:standard|daylight|summer|universal|mean) time|(?:normal|sommer)zeit|표준시|하계|標準時"
    r"|夏時間|heure |hora |ora )[^()\[\]0-9]{0,40}\)"
)
# If two zones are named, they must agree: `+0900 (KST)`, `+0900 KST`, `+09:00[Asia/Seoul]`. Go writes `m=`.
_ZONE = (
    rf"(?: ?(?P<open>[(\[])?(?P<zone>{_ONE_ZONE})(?(open)[)\]])(?: ?[(\[](?P<zone_bracketed>{_ONE_ZONE})[)\]]"
    rf"| (?P<zone_behind>{_ONE_ZONE})|(?<=[0-9]){_SPELLED})?(?: m=[+-][0-9.]{{1,30}})?)?"
)
# In running text `est`, `et` and `west` are words: a name of a zone counts only in capitals, or after `am` or `pm`.
_ZONE_SEARCHED = (
    rf"(?: ?(?P<zone>{_FROM_UTC}|{_OFFSET}|(?:(?-i:{_one_of(map(str.upper, ZONES.keys() | SEVERAL.keys()))})"
    rf"|(?:(?<=m )|(?<=m\. )){_NAMES})\b(?!/)))?"
)
_JOINED = rf"(?:t| ?[,|·•–] ?| - | |(?<=[)）\]일日])){_WORD}"
# In a search, `(08:30)`, `[Mo]` and a word between day and clock are accepted, too.
_JOINED_SEARCHED = (
    rf"(?: ?[(（\[][^()（）\[\]0-9]{{1,5}}[)）\]])?(?:t| ?[,|·•–(\[-]? ?{_WORD.replace(') )?', ') ?)?')}"
    r"| [^0-9()\[\]]{1,12} )"
)
_NAMED_YEAR = "(?P<year>(?:19|20|21)?[0-9]{2})(?![0-9])"
_PACKED = (
    "(?P<year>(?:19|20|21)[0-9]{2})(?P<month>[01][0-9])(?P<day>[0-3][0-9])"
    "(?:[t ]?(?P<hour>[0-9]{2}):?(?P<minute>[0-9]{2})(?::?(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,12}))?)?"
)


def _forms(before: str, joined: str, zone: str, named_year: str) -> tuple[re.Pattern[str], ...]:
    """Compile the table of forms. No form begins directly after a digit."""
    clock = f"(?:{joined}{_CLOCK}{zone})?"
    year_last = "(?P<third>(?:19|20|21)[0-9]{2}|[0-9]{2}(?![.:/-]?[0-9]))(?![0-9])"
    eastern = rf"{_YEAR} ?[年년] ?(?P<month>{_N}) ?[月월] ?(?P<day>{_N})(?: ?[日일]|(?![0-9]))"
    figures = rf"(?P<first>{_N})(?P<mark>[-/.]) ?(?P<second_figure>{_N})(?P=mark) ?{year_last}"
    year_first = rf"{_YEAR}(?P<mark>[-/.]) ?(?P<month>{_N})(?P=mark) ?(?P<day>{_N})(?![0-9])\.?"
    return tuple(
        re.compile(form, re.IGNORECASE)
        for form in (
            # 2026-11-24 21:30, 2026.11.24. (화) 오후 9:30, 2026/11/24T21:30:00.000+09:00
            rf"(?<![0-9]){before}{year_first}{_BEHIND}{clock}",
            # 2026년 11월 24일 오후 9시 30분
            rf"(?<![0-9]){eastern}{_BEHIND}{clock}",
            # 20261124, 20261124T213000Z, 202611242130
            rf"(?<![0-9]){_PACKED}{zone})?(?![0-9])",
            # Tue, 24 Nov 2026 21:30:00 +0900 (RFC 5322), 24. November 2026 21.30 Uhr, 화, 24 11월 2026 09:30:00
            rf"(?<![0-9.]){_BEFORE}(?P<day>{_N}){_NTH}[ -](?:de |of )?{_MONTH},?[ -](?:de |del )?{named_year}{clock}",
            # December 24, 2026 9:30 pm; Tue Nov 24 2026 21:30:00 GMT+0900 (Korean Standard Time)
            rf"(?<![0-9a-z]){before}{_MONTH} (?P<day>{_N}){_NTH},? {_YEAR}(?![0-9]){clock}",
            # Tue Nov 24 21:30:00 KST 2026, as C and Java write it
            rf"(?<![0-9a-z]){before}{_MONTH} (?P<day>{_N}) {_CLOCK}{zone} {_YEAR}(?![0-9])",
            # 24.11.2026 21:30, 11/24/2026, 26.11.24: `_ordered` decides the order
            rf"(?<![0-9.:/-]){before}{figures}\.?{_BEHIND}{clock}",
        )
    )


#: Forms for a text that is a time as a whole, and for a text that contains a time.
STRICT = _forms(_BEFORE, _JOINED, _ZONE, _NAMED_YEAR)
SEARCHING = _forms("", _JOINED_SEARCHED, _ZONE_SEARCHED, rf"{_YEAR}(?![0-9])")
#: A quick test before a search: every searched form has a year, or numbers with two marks.
LIKELY = re.compile("(?:19|20|21)[0-9]{2}|[0-9][-/.] ?[0-9]{1,2}[-/.]")
