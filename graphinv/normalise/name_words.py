# ruff: noqa: SIM905  (lists of words read better as text)
"""Word tables of party names: legal forms, words of organisations, abbreviations, honorifics.

All words are folded (lower-case ASCII). Compiled from the company law of the usual trading countries and from common
business English.
"""

#: Legal forms, removed wherever they stand, with the form's usual spelling.
LEGAL_FORMS: dict[str, str] = {
    # English
    "llc": "llc", "inc": "inc", "incorporated": "inc", "incorporat": "inc", "corp": "corp", "corporation": "corp",
    "corporatio": "corp", "ltd": "ltd", "limited": "ltd", "ltda": "ltda", "company": "co", "llp": "llp", "lllp": "lllp",
    "pllc": "pllc", "plc": "plc", "pty": "pty", "pte": "pte", "pvt": "pvt", "unltd": "unltd", "coltd": "co ltd",
    # German, Dutch, Nordic
    "gmbh": "gmbh", "mbh": "mbh", "ag": "ag", "kg": "kg", "kgaa": "kgaa", "ohg": "ohg", "gbr": "gbr", "bv": "bv",
    "nv": "nv", "bvba": "bvba", "aps": "aps", "ab": "ab", "asa": "asa", "oy": "oy", "oyj": "oyj",
    # Romance
    "sa": "sa", "sas": "sas", "sarl": "sarl", "eurl": "eurl", "srl": "srl", "spa": "spa", "sapi": "sapi", "lda": "lda",
    "eireli": "eireli", "eirl": "eirl", "sasu": "sasu", "sacv": "sa de cv",
    # Turkish (A.S.), Slavic, Baltic, Hungarian
    "as": "as", "ooo": "ooo", "oao": "oao", "zao": "zao", "pao": "pao", "jsc": "jsc", "ojsc": "ojsc", "cjsc": "cjsc",
    "pjsc": "pjsc", "doo": "doo", "dooel": "dooel", "sro": "sro", "spzoo": "sp zoo", "ood": "ood", "eood": "eood",
    "ead": "ead", "uab": "uab", "kft": "kft", "zrt": "zrt", "nyrt": "nyrt", "tov": "tov",
    # Asian
    "sdn": "sdn", "bhd": "bhd", "tbk": "tbk", "kk": "kk", "kabushiki": "kk", "kaisha": "kk", "gk": "gk", "tnhh": "tnhh",
    "fze": "fze", "fzco": "fzco", "fzc": "fzc", "wll": "wll",
}  # fmt: skip

#: Legal forms that are also names or initials: removed only beside other signs of an organisation. "Co" is a surname.
GUARDED_FORMS: dict[str, str] = {
    "co": "co", "cia": "cia", "se": "se", "lc": "lc", "lp": "lp", "pc": "pc", "pt": "pt", "cv": "cv", "de": "de",
    "rl": "rl", "sp": "sp", "zoo": "zoo", "sc": "sc", "sl": "sl", "compan": "co", "comp": "co", "limit": "ltd",
    "dba": "dba",
    "sanayi": "as", "ticaret": "as", "sti": "sti",
}  # fmt: skip

#: Abbreviations of business words, written out in keys.
ABBREVIATIONS: dict[str, str] = {
    "intl": "international", "int": "international", "trdg": "trading", "trd": "trading", "mfg": "manufacturing",
    "mfr": "manufacturer", "imp": "import", "imports": "import", "exp": "export", "exports": "export",
    "tech": "technology", "technologies": "technology", "whsle": "wholesale", "whsl": "wholesale", "svc": "service",
    "svcs": "service", "services": "service", "grp": "group", "bros": "brothers", "assoc": "associates",
    "mgmt": "management",
    "distr": "distribution", "distrib": "distribution", "inds": "industries",
    "ent": "enterprise", "ents": "enterprise", "enterprises": "enterprise",
    "univ": "universal",
    "natl": "national", "sply": "supply", "elec": "electronics", "equip": "equipment", "prods": "products",
}  # fmt: skip

#: Words that only organisations carry.
ORGANISATION_WORDS = frozenset(
    """accessories agency airlines apparel appliances associates association auto automotive bank beauty brands brothers
    building business cargo center centre chemical chemicals clothing club collection collections commerce commercial
    communications computer concepts consulting corner cosmetics creations customs daily deals depot design designs
    digital direct distribution distributor distributors distributing ecommerce electric electrical electronic
    electronics emporium energy engineering enterprise enterprises equipment export express factory fashion fashions
    finance food foods footwear forwarding foundation freight fulfillment furniture garment garments general global
    goods group hardware health holding holdings home hospital household houseware imaging import importers industrial
    industries industry innovations institute international investment investments jewellery jewelry kitchen
    laboratories labs leather life lighting line lines logistics luggage machinery management manufacturer manufacturing
    market marketing marketplace mart materials media medical metal metals national necessities network networks
    online optical optoelectronics outdoor outlet packaging paper parts pet pharma pharmaceutical pharmaceuticals
    pharmacy photoelectric plastic plastics plus precision printing product products resources retail rubber sales
    school science seller service shenzhen guangzhou dongguan yiwu shanghai ningbo shipping shoes shop shopping smart
    solutions source sourcing sport sports star steel store stores studio style supplies supply systems team technology
    textile textiles tools toys trade traders trading transport travel union universal university usa ventures
    warehouse wear wholesale
    crafts gateway gear gifts hub living merchandise novelty parcel works workshop world worldwide""".split()
)

#: Forms of address, dropped from names that do not look like an organisation's.
HONORIFICS = frozenset("mr mrs ms miss dr prof professor sir madam mme mx messrs attn".split())

#: Words without weight in any name ("&" folds to nothing, so "and" does too).
NOISE = frozenset({"and", "the"})

#: Chinese, Japanese and Korean forms, taken off before transliteration; longest first.
CJK_FORMS = (
    *("股份有限公司", "有限责任公司", "有限責任公司", "有限公司", "分公司", "公司"),
    *("株式会社", "有限会社", "合同会社", "주식회사", "유한회사", "(株)", "(주)"),
)
