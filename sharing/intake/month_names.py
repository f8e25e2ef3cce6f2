"""Names of months in twelve European languages, in full and shortened."""

from __future__ import annotations

_MONTH_NAMES = """
    january jan januar jänner janvier enero ene gennaio gen janeiro januari stycznia ledna января ocak;
    february feb februar feber février fevrier febrero febbraio fevereiro fev februari lutego února
    февраля şubat; march mar mär märz mars marzo março maart mrt marts marca března марта mart;
    april apr avril avr abril abr aprile kwietnia dubna апреля nisan;
    may mai mayo maggio mag maio mei maj maja května мая mayıs;
    june jun juni juin junio giugno giu junho czerwca června июня haziran;
    july jul juli juillet juil julio luglio lug julho lipca července июля temmuz;
    august aug août aout agosto ago augustus sierpnia srpna августа ağustos;
    september sep sept septembre septiembre settembre set setembro września září сентября eylül;
    october oct oktober okt octobre octubre ottobre ott outubro out października října октября ekim;
    november nov novembre noviembre novembro listopada listopadu ноября kasım;
    december dec dezember dez décembre diciembre dic dicembre dezembro desember grudnia prosince
    декабря aralık
    """.split(";")
MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
