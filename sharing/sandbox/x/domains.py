"""Top-level domains for links in newsroom posts: all countries, and generic ones in common use.

X's own list is longer and frozen in 2021. A domain that is missing here counts as plain text
(docs/sandbox.md, limits).
"""

#: The two-letter domains: a first letter, then all second letters.
_COUNTRIES = """
a cdefgilmnoqrstuwxz
b abdefghijlmnoqrstvwyz
c acdfghiklmnoruvwxyz
d ejkmoz
e ceghrstu
f ijkmor
g abdefghilmnpqrstuwy
h kmnrtu
i delmnoqrst
j emop
k eghimnprwyz
l abcikrstuvy
m acdefghklmnopqrstuvwxyz
n acefgilopruz
o m
p aefghklmnrstwy
q a
r eosuw
s abcdeghijklmnorstuvxyz
t cdfghjklmnoprtvwz
u agkmsyz
v aceginu
w fs
y et
z amw
"""
_COUNTRIES_IN_OTHER_SCRIPTS = "рф укр پاکستان 中国 台湾 香港 한국"

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

COUNTRIES = frozenset(
    first + second for first, *rest in map(str.split, _COUNTRIES.strip().splitlines()) for second in rest[0]
) | frozenset(_COUNTRIES_IN_OTHER_SCRIPTS.split())
GENERIC = frozenset(_GENERIC.split())
