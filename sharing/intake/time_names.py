"""Names in times: months, days of the week, zones. Also the zone of a country or a language."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_MONTH_NAMES = """
    january jan januar jänner jän janvier janv enero ene gennaio gen janeiro januari stycznia ledna января ocak;
    february feb februar feber février fevrier févr fév febrero febbraio fevereiro fev februari lutego února
    февраля şubat; march mar mär märz mrz mars marzo março maart mrt marts marca března марта mart;
    april apr avril avr abril abr aprile kwietnia dubna апреля nisan;
    may mai mayo maggio mag maio mei maj maja května мая mayıs;
    june jun juni juin junio giugno giu junho czerwca června июня haziran;
    july jul juli juillet juil julio luglio lug julho lipca července июля temmuz;
    august aug août aout agosto ago augustus sierpnia srpna августа ağustos;
    september sep sept septembre septiembre settembre set sett setembro września září сентября eylül;
    october oct oktober okt octobre octubre ottobre ott outubro out października října октября ekim;
    november nov novembre noviembre novembro listopada listopadu ноября kasım;
    december dec dezember dez décembre déc diciembre dic dicembre dezembro desember grudnia prosince
    декабря aralık
    """.split(";")
MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}

_DAY_NAMES = """
    mon monday 월 월요일 月 月曜日 montag mo lundi lun lunes lunedì;
    tue tues tuesday 화 화요일 火 火曜日 dienstag di mardi mar martes martedì;
    wed wednesday 수 수요일 水 水曜日 mittwoch mi mercredi mer miércoles mié mercoledì;
    thu thur thurs thursday 목 목요일 木 木曜日 donnerstag do jeudi jeu jueves jue giovedì gio;
    fri friday 금 금요일 金 金曜日 freitag fr vendredi ven viernes vie venerdì;
    sat saturday 토 토요일 土 土曜日 samstag sonnabend sa samedi sam sábado sáb sabato sab;
    sun sunday 일 일요일 日 日曜日 sonntag so dimanche dim domingo dom domenica
    """.split(";")
WEEKDAYS = {name: number for number, names in enumerate(_DAY_NAMES) for name in names.split()}

AFTERNOON = frozenset({"오후", "午後", "下午"})

_ZONE_HOURS = (
    ("z utc gmt ut wet", 0), ("cet mez west", 1), ("cest mesz eet", 2), ("eest msk", 3), ("ict", 7), ("hkt sgt", 8),
    ("kst jst", 9), ("aest", 10), ("aedt", 11), ("brt", -3), ("edt", -4), ("est cdt", -5), ("mdt", -6),
    ("pdt mst", -7), ("pst", -8),
)  # fmt: skip
#: Names with one meaning.
ZONES: dict[str, tzinfo] = {
    name: timezone(timedelta(hours=hours)) if hours else UTC
    for names, hours in _ZONE_HOURS
    for name in names.split()
} | {
    name: ZoneInfo(f"America/{place}")
    for name, place in (("et", "New_York"), ("ct", "Chicago"), ("pt", "Los_Angeles"))
}
#: Names with several meanings -> hours from UTC of each meaning, the most frequent first.
SEVERAL = {"ist": (5.5, 1, 2), "cst": (-6, 8), "bst": (1, 6), "ast": (-4, 3)}

# Domain -> zone of countries with one zone (or one for nearly all inhabitants). Domains that are sold worldwide
# (.io, .tv, .me, .co ...) are left out.
_COUNTRIES = (
    "Africa/: Abidjan ci, Accra gh, Addis_Ababa et, Algiers dz, Cairo eg, Casablanca ma, Dakar sn,"
    " Dar_es_Salaam tz, Harare zw, Johannesburg za, Kampala ug, Kigali rw, Lagos ng, Luanda ao, Lusaka zm, Maputo mz,"
    " Nairobi ke, Tunis tn, Windhoek na; "
    "America/: Asuncion py, Caracas ve, Costa_Rica cr, El_Salvador sv, Guatemala gt, Havana cu, Jamaica jm, La_Paz bo,"
    " Lima pe, Managua ni, Montevideo uy, Panama pa, Port_of_Spain tt, Puerto_Rico pr, Santo_Domingo do,"
    " Tegucigalpa hn; "
    "Asia/: Amman jo, Baghdad iq, Bangkok th, Beirut lb, Colombo lk, Dhaka bd, Dubai ae, Ho_Chi_Minh vn, Hong_Kong hk,"
    " Jerusalem il, Karachi pk, Kathmandu np, Kolkata in, Kuwait kw, Macau mo, Manila ph, Muscat om, Phnom_Penh kh,"
    " Qatar qa, Riyadh sa, Seoul kr, Shanghai cn, Singapore sg, Taipei tw, Tbilisi ge, Tehran ir, Tokyo jp,"
    " Yangon mm, Yerevan am; "
    "Atlantic/: Reykjavik is; "
    "Europe/: Amsterdam nl, Athens gr, Belgrade rs, Berlin de, Bratislava sk, Brussels be, Bucharest ro, Budapest hu,"
    " Chisinau md, Copenhagen dk, Dublin ie, Helsinki fi, Istanbul tr, Ljubljana si, London uk, Luxembourg lu,"
    " Madrid es, Malta mt, Minsk by, Oslo no, Paris fr, Prague cz, Riga lv, Rome it, Sarajevo ba, Skopje mk, Sofia bg,"
    " Stockholm se, Tallinn ee, Tirane al, Vienna at, Vilnius lt, Warsaw pl, Zagreb hr, Zurich ch"
)  # fmt: skip
_BY_COUNTRY = {
    country: f"{part}{place}"
    for part, _, places in (each.partition(": ") for each in _COUNTRIES.split("; "))
    for place, country in (each.split() for each in places.split(", "))
}
_BY_LANGUAGE = {
    "ko": "Asia/Seoul", "ja": "Asia/Tokyo", "de": "Europe/Berlin", "it": "Europe/Rome", "pl": "Europe/Warsaw",
    "cs": "Europe/Prague", "tr": "Europe/Istanbul",
}  # fmt: skip
#: Zones in which a year of two digits stands first: `26.11.24`.
YEAR_FIRST = frozenset({"Asia/Seoul", "Asia/Tokyo", "Asia/Shanghai", "Asia/Taipei", "Asia/Hong_Kong"})


def zone_of(host: str, language: str | None) -> ZoneInfo | None:
    """The zone in which a page of this host and language means a time without one; None if that is open."""
    name = _BY_COUNTRY.get(host.rpartition(".")[2]) or _BY_LANGUAGE.get(language or "")
    return ZoneInfo(name) if name else None
