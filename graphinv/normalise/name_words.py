# ruff: noqa: SIM905  (lists of words read better as text)
"""Word tables of party names: legal forms, words of organisations, abbreviations, honorifics.

All words are folded (lower-case ASCII). Compiled from the company law of the usual trading countries and from common
business English.
"""

#: Legal forms of one word, removed wherever they stand, with the form's usual spelling. Forms written out in several
#: words are in ``data/legal_forms.csv``.
LEGAL_FORMS: dict[str, str] = {
    # English
    "llc": "llc", "inc": "inc", "incorporated": "inc", "incorporat": "inc", "incorporate": "inc", "incorp": "inc",
    "corp": "corp", "corporation": "corp", "corporatio": "corp", "ltd": "ltd", "limited": "ltd", "limted": "ltd",
    "limitd": "ltd", "limitied": "ltd", "lmtd": "ltd", "limite": "ltd", "company": "co", "compnay": "co",
    "llp": "llp", "lllp": "lllp", "pllc": "pllc", "plc": "plc", "pty": "pty", "proprietary": "pty", "pte": "pte",
    "pvt": "pvt", "unltd": "unltd", "coltd": "co ltd", "ulc": "ulc", "ltee": "ltee", "limitee": "ltee", "cyf": "cyf",
   "lllc": "llc",
    # German, Dutch, Nordic
    "gmbh": "gmbh", "ggmbh": "gmbh", "gesmbh": "gmbh", "mbh": "mbh", "ag": "ag", "aktiengesellschaft": "ag",
    "kg": "kg", "kommanditgesellschaft": "kg", "kgaa": "kgaa", "ohg": "ohg", "gbr": "gbr", "partg": "partg",
    "partgmbb": "partg", "haftungsbeschrankt": "ug", "unternehmergesellschaft": "ug", "sagl": "sagl",
    "bv": "bv", "nv": "nv", "bvba": "bvba", "cvba": "cvba", "sprl": "sprl", "vof": "vof", "vzw": "vzw", "asbl": "asbl",
    "aps": "aps", "anpartsselskab": "aps", "aktieselskab": "as", "ivs": "ivs", "asa": "asa", "aksjeselskap": "as",
    "ab": "ab", "aktiebolag": "ab", "aktiebolaget": "ab", "handelsbolag": "hb", "oy": "oy", "oyj": "oyj",
    "osakeyhtio": "oy", "ehf": "ehf",
    # Romance
    "sa": "sa", "sas": "sas", "sarl": "sarl", "sarls": "sarl", "eurl": "eurl", "sasu": "sasu", "snc": "snc",
    "srl": "srl", "srls": "srl", "scrl": "scrl", "scarl": "scarl", "spa": "spa", "sapa": "sapa", "sapi": "sapi",
    "slu": "sl", "lda": "lda", "ltda": "ltda", "limitada": "ltda", "unipessoal": "lda",
    "eireli": "eireli", "eirl": "eirl", "suarl": "suarl", "sacv": "sa de cv", "sadecv": "sa de cv", "saic": "saic",
    # Turkish (A.S.), Greek, Slavic, Baltic, Hungarian, Caucasian, Central Asian
    "as": "as", "sirketi": "as", "epe": "epe", "ooo": "ooo", "oao": "oao", "zao": "zao", "pao": "pao",
    "odo": "odo", "fop": "fop", "jsc": "jsc", "ojsc": "ojsc", "cjsc": "cjsc", "pjsc": "pjsc", "doo": "doo",
    "jdoo": "doo", "dooel": "dooel", "sro": "sro", "spzoo": "sp zoo", "ood": "ood", "eood": "eood", "ead": "ead",
    "uab": "uab", "kft": "kft", "zrt": "zrt", "nyrt": "nyrt", "kkt": "kkt", "tov": "tov", "tzov": "tov",
    "shpk": "shpk", "shps": "shps", "mchj": "mchj", "osauhing": "ou", "aktsiaselts": "as",
    # Asian, African
    "sdn": "sdn", "bhd": "bhd", "berhad": "bhd", "sendirian": "sdn", "tbk": "tbk", "perseroan": "pt", "kk": "kk",
    "kabushiki": "kk", "kaisha": "kk", "gaisha": "kk", "gk": "gk", "tnhh": "tnhh", "dntn": "dntn",
    "pcl": "pcl", "youxiangongsi": "co ltd", "gongsi": "co", "jusikhoesa": "kk", "hoesa": "kk",
    "fze": "fze", "fzco": "fzco", "fzc": "fzc", "fzllc": "fz llc", "dmcc": "dmcc", "wll": "wll", "kscc": "kscc",
    "saog": "saog", "saoc": "saoc",
}  # fmt: skip

#: Legal forms that are also names or initials: removed only beside other signs of an organisation. "Co" is a surname.
GUARDED_FORMS: dict[str, str] = {
    "co": "co", "cia": "cia", "se": "se", "lc": "lc", "lp": "lp", "pc": "pc", "pt": "pt", "cv": "cv", "de": "de",
    "rl": "rl", "sp": "sp", "zoo": "zoo", "sc": "sc", "sl": "sl", "compan": "co", "comp": "co", "limit": "ltd",
    "sanayi": "as", "ticaret": "as", "sti": "sti", "nao": "nao", "prat": "prat", "sau": "sau", "cty": "cty",
    "sae": "sae", "scs": "scs",
}  # fmt: skip

#: Stands in a row of words for a legal form that was written out in several ("besloten vennootschap").
FORM_MARK = "="

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

#: Forms of address, dropped from names that do not look like an organisation's. Those that are surnames or given names
#: in some country ("don", "pan", "bay") are left out.
HONORIFICS = frozenset(
    """mr mrs ms miss dr prof professor sir madam mme mx messrs mister esq esquire rev reverend monsieur madame mlle
    mademoiselle herr frau senor senora senorita srta sig signor signora signorina dott dottore dottoressa dhr mevrouw
    meneer shri smt encik tuan puan datuk gospodin gospozha bayan""".split()
)

#: Words that announce another name or a person to write to: never part of a key.
MARKER_WORDS = frozenset("dba aka fka nka formerly vormals attn fao".split())

#: Words without weight in any name ("&" folds to nothing, so "and" does too).
NOISE = frozenset({"and", "the"}) | MARKER_WORDS

#: Forms in their own script, taken off before transliteration; longest first.
SCRIPT_FORMS = (
    *("股份有限公司", "有限责任公司", "有限責任公司", "有限公司", "分公司", "公司"),
    *("株式会社", "有限会社", "合同会社", "주식회사", "유한회사", "(株)", "(주)", "㈱", "㈜"),
    *("บริษัท", "จำกัด (มหาชน)", "จำกัด", "ش.ذ.م.م", "ذ.م.م", "ش.م.م", "ش.م.ح", "شركة", 'בע"מ', "בע״מ"),
)
