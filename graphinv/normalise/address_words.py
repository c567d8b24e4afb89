# ruff: noqa: SIM905  (lists of words read better as text)
"""Word tables of addresses: streets, directions, units, districts. All words are folded (lower-case ASCII).

Street suffixes and directions are the usual ones of USPS Publication 28 (appendices B and C1), with spellings met
abroad; compiled for this project.
"""

#: Street types: every spelling to the short form.
SUFFIXES: dict[str, str] = {
    spelling: short
    for short, spellings in {
        "aly": "aly alley ally", "ave": "ave avenue av aven avenu avn avnue avenida dadao",
        "bch": "bch beach", "blf": "blf bluff",
        "blvd": "blvd boulevard boul boulv bvd blv bulv bulvari bulevard",
        "bnd": "bnd bend", "br": "br branch", "brg": "brg bridge",
        "brk": "brk brook", "byp": "byp bypass", "cir": "cir circle circ crcl", "cmn": "cmn common",
        "cor": "cor corner", "cres": "cres crescent", "crk": "crk creek", "cswy": "cswy causeway", "ct": "ct court crt",
        "ctr": "ctr center centre cntr", "cv": "cv cove", "cyn": "cyn canyon", "dr": "dr drive drv driv",
        "est": "est estate", "expy": "expy expressway expwy", "ext": "ext extension", "fwy": "fwy freeway",
        "gdns": "gdns gardens", "grn": "grn green", "grv": "grv grove", "hbr": "hbr harbor harbour",
        "hl": "hl hill", "hls": "hls hills", "holw": "holw hollow", "hts": "hts heights",
        "hwy": "hwy highway hiway hway",
        "is": "is island", "jct": "jct junction", "knl": "knl knoll", "ldg": "ldg landing", "lk": "lk lake",
        "ln": "ln lane nong", "loop": "loop", "mdw": "mdw meadow", "mdws": "mdws meadows", "ml": "ml mill",
        "mnr": "mnr manor",
        "mtn": "mtn mountain", "pass": "pass", "path": "path", "pike": "pike", "pkwy": "pkwy parkway pky parkwy pkwys",
        "pl": "pl place", "plz": "plz plaza plza", "pnes": "pnes pines", "pt": "pt point", "rd": "rd road lu",
        "rdg": "rdg ridge", "row": "row", "run": "run", "shr": "shr shore", "spg": "spg spring", "spgs": "spgs springs",
        "sq": "sq square sqr", "st": "st street str strt stret saint jie",
        "sta": "sta station", "ter": "ter terrace terr",
        "tpke": "tpke turnpike tpk trnpk", "trl": "trl trail", "trce": "trce trace", "vis": "vis vista",
        "vlg": "vlg village cun",
        "vly": "vly valley", "vw": "vw view", "walk": "walk", "way": "way wy", "xing": "xing crossing",
        "ind": "ind industrial industry", "zn": "zn zone", "pk": "pk park", "sok": "sok sokak sokagi",
        "cad": "cad cadde caddesi",
    }.items()
    for spelling in spellings.split()
}  # fmt: skip

#: Directions.
DIRECTIONS: dict[str, str] = {
    "north": "n", "south": "s", "east": "e", "west": "w", "northeast": "ne", "northwest": "nw", "southeast": "se",
    "southwest": "sw", "so": "s",
}  # fmt: skip

#: Ordinals written out.
ORDINALS: dict[str, str] = {
    word: f"{number}{ending}"
    for number, (word, ending) in enumerate(
        [("first", "st"), ("second", "nd"), ("third", "rd")]
        + [
            (word, "th")
            for word in "fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
            "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split()
        ],
        start=1,
    )
}

#: One table for a word inside a street.
STREET_WORDS: dict[str, str] = {
    word: short for word, short in (SUFFIXES | DIRECTIONS | ORDINALS).items() if word != short
}

#: Short forms that end a street: what follows them in one string is a unit or a city.
STREET_ENDS = frozenset(SUFFIXES.values()) - frozenset("ind zn pk hl lk is spg ml br brk grn est".split())

#: Words before the number of a suite, room or apartment; all fold to the bare value.
UNIT_WORDS = (
    "suite ste suit unit apt apartment apmt aptmt room rm rom flat office ofc shop stall space spc lot bay dept trlr "
    "trailer door workshop wkshp suitte siute aprt"
).split()
#: Private mailboxes at a mail receiving agency: units that are no premises.
MAILBOX_WORDS = "pmb mailbox mbx".split()
#: Parts of a site; their value is put before the unit's.
BUILDING_WORDS = "building bldg bld bldng blg block blk tower twr wing phase hangar warehouse whse gate".split()
FLOOR_WORDS = "floor fl flr level lvl".split()

#: Words of places that need no house number ("Liantang Industrial Park"); anything else without digits is a name.
PLACE_WORDS = frozenset("pk zn ctr plz mall market estate est factory terminal airport port mansion vlg".split())

#: Segments that name an area around the street, not the building.
AREA_ENDINGS = frozenset(
    "district dist qu county town township subdistrict subdist zhen xian jiedao city shi province prov sheng mah "
    "mahalle mahallesi ward thana upazila taluk tehsil".split()
)

#: Words before the number or name of such an area ("Ward 5", "Quan 1").
AREA_STARTS = frozenset("ward phuong quan district huyen thana barangay".split())

#: First-level divisions of China in pinyin and English.
CHINESE_PROVINCES = frozenset(
    "anhui beijing chongqing fujian gansu guangdong guangxi guizhou hainan hebei heilongjiang henan hubei hunan "
    "jiangsu "
    "jiangxi jilin liaoning ningxia qinghai shaanxi shandong shanghai shanxi sichuan tianjin tibet xizang xinjiang "
    "yunnan zhejiang innermongolia neimenggu hongkong macau taiwan".split()
)

#: Words that tell nothing when two addresses are compared: types and directions of streets, designators of units,
#: generic words of places. What is also a name ("Lake", "Spring", "Beach") is not among them.
UNTELLING_WORDS = frozenset(
    "aly ave blvd bnd br byp cir cor ct ctr cv dr expy ext fwy gdns hwy jct ln loop pass path pike pkwy pl plz pt rd "
    "row run sq st sta ter tpke trl trce walk way xing ind zn n s e w ne nw se sw".split()
    + "jie lu dao dadao xiang nong hao shi qu sheng zhen cun xian city town township county district dist province "
    "prov subdistrict subdist village vlg municipality sar road street".split()
    + "no number nr usa us and of the near po pob box route rte rt sr cr fm interstate state attn care".split()
    + UNIT_WORDS + MAILBOX_WORDS + BUILDING_WORDS + FLOOR_WORDS
)  # fmt: skip
