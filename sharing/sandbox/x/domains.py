"""Top-level domains, as far as links in newsroom posts go: every country, generic ones in common use.

X's list is frozen in 2021 and longer; what is missing here is counted as plain text
(docs/sandbox.md, limits).
"""

_COUNTRIES = """
ac ad ae af ag ai al am an ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bl bm bn bo bq br
bs bt bv bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee
eg eh er es et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm
hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li
lk lr ls lt lu lv ly ma mc md me mf mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne
nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc
sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tp tr tt
tv tw tz ua ug uk um us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw рф укр پاکستان 中国 台湾 香港 한국
"""

_GENERIC = """
abc academy aero agency app apple arpa art asia associates band bar bbc bet bid bike bio biz black
blog bloomberg blue boutique build business buzz cab cafe camera camp capital cards care career
careers cash casino cat cbs center chat city cleaning click clinic clothing cloud club coach codes
coffee com community company computer consulting cool coop country credit dance date deals delivery
dental design dev digital direct directory discount dog domains download earth edu education email
energy engineer engineering enterprises equipment estate events exchange expert exposed express fail
faith family fans farm fashion film finance financial fish fit fitness flights flowers football
forsale foundation fun fund furniture fyi gallery game games garden gift gifts glass gle global gmbh
gold golf goog google gov graphics gratis green group guide guru health help hockey holdings holiday
horse hospital host hosting house how hyundai inc info ink institute insure int international
investments jetzt jewelry jobs kaufen kia kim kitchen kiwi land law lawyer lease legal life lighting
limited limo link live llc loan loans lol london love ltd luxury maison management map market
marketing mba media memorial men menu miami mil mobi money movie museum name net network news ngo
ninja now nyc one ong online org organic page paris parts party pet pharmacy photo photography
photos pics pictures pink pizza place plumbing plus poker post press pro productions promo
properties property pub quest racing radio red rent rentals repair report republican rest restaurant
review reviews rich rip rocks run sale salon samsung school science security services sex shop
shopping show singles site ski soccer social software solar solutions space sport store stream
studio study style sucks supplies supply support surf systems tax taxi team tech technology tel
tennis theater tickets tips tires today tokyo tools top tours town toys trade training travel tube
university vacations ventures vet video villas vin vip vision vote voyage watch webcam website
wedding wiki win wine work works world wtf xxx xyz yoga youtube zone онлайн орг сайт 닷넷 닷컴 삼성
"""

COUNTRIES = frozenset(_COUNTRIES.split())
GENERIC = frozenset(_GENERIC.split())
