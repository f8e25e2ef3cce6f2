"""Top-level domains, as far as links in newsroom posts go: every country, generic ones in common use.

X's list is frozen in 2021 and longer; what is missing here is counted as plain text
(docs/sandbox.md, limits).
"""

_COUNTRIES = """
ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bv
bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es
et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu
id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt
lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no
np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si
sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk
us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw 한국 香港 中国 日本 台湾 рф укр پاکستان
"""

_GENERIC = """
com net org info biz name pro mobi asia cat coop edu gov int jobs mil museum post tel travel aero
arpa xxx academy agency app art associates band bar bet bid bike bio black blog blue boutique build
business buzz cab cafe camera camp capital cards care career careers cash casino center chat city
cleaning click clinic clothing cloud club coach codes coffee community company computer consulting
cool country credit dance date deals delivery dental design dev digital direct directory discount
dog domains download earth education email energy engineer engineering enterprises equipment estate
events exchange expert exposed express fail faith family fans farm fashion film finance financial
fish fit fitness flights flowers football forsale foundation fun fund furniture fyi gallery game
games garden gift gifts glass global gmbh gold golf graphics gratis green group guide guru health
help hockey holdings holiday home horse hospital host hosting hotel house how inc ink institute
insure international investments jetzt jewelry kaufen kim kitchen kiwi land law lawyer lease legal
life lighting limited limo link live llc loan loans lol london love ltd luxury maison management map
market marketing mba media memorial men menu miami money movie music network news ngo ninja now nyc
one ong online organic page paris parts party pet pharmacy photo photography photos pics pictures
pink pizza place plumbing plus poker press productions promo properties property pub quest racing
radio red rent rentals repair report republican rest restaurant review reviews rich rip rocks run
sale salon school science security services sex shop shopping show singles site ski soccer social
software solar solutions space sport store stream studio study style sucks supplies supply support
surf systems tax taxi team tech technology tennis theater tickets tips tires today tokyo tools top
tours town toys trade training tube university vacations ventures vet video villas vin vip vision
vote voyage watch web webcam website wedding wiki win wine work works world wtf xyz yoga zone seoul
google goog youtube amazon apple bbc gle samsung hyundai kia cbs abc bloomberg 닷컴 닷넷 삼성 онлайн сайт
орг
"""

COUNTRIES = frozenset(_COUNTRIES.split())
GENERIC = frozenset(_GENERIC.split())
