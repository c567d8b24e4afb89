"""The fields of the look-up form, in the order in which people have them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One field of a party question. ``many`` fields repeat; ``parts`` are the inputs of one entry."""

    name: str
    label: str
    hint: str = ""
    example: str = ""
    kind: str = "text"
    many: bool = False
    main: bool = False
    parts: tuple[tuple[str, str], ...] = ()


FIELDS: tuple[Field, ...] = (
    Field("name", "Name", "Business or person, as written", "Harbor Lane Trading LLC", main=True),
    Field(
        "addresses", "Address", "On one line", "1200 Harbor Way, Suite 4, Oakland, CA 94607", many=True, main=True,
    ),
    Field("phones", "Phone", "Any spelling", "(510) 555-0142", "tel", many=True, main=True),
    Field("emails", "E-mail", "", "orders@harborlane.example", "email", many=True, main=True),
    Field(
        "sellers", "Marketplace seller", "", many=True, main=True,
        parts=(("platform", "Platform"), ("seller_id", "Seller id")),
    ),
    Field("importer_number", "Importer number", "EIN, SSN or CBP-assigned; never in an address", main=True),
    Field("websites", "Website", "", "harborlane.example", many=True),
    Field("listing_urls", "Listing address", "The page where the goods were offered", many=True),
    Field("officers", "Officer", "Who signs for the party", many=True),
    Field("bank_accounts", "Bank account", "Compared by a keyed hash", many=True),
    Field("tax_ids", "Tax id", "", many=True),
    Field("manufacturer_ids", "Manufacturer id (MID)", "", "CNSHEELE120SHE", many=True),
    Field("shippers", "Shipper", "The foreign party that ships", many=True),
    Field("descriptions", "Description of goods", "", "leather handbag", many=True),
    Field("hts", "HTS number", "6, 8 or 10 digits", "4202.21", many=True),
    Field("country", "Country of the party", "ISO code or name", "US"),
    Field("origin_country", "Country of origin", "ISO code or name", "CN"),
    Field("port_code", "Port of entry", "Schedule D code", "4701"),
    Field("filer_code", "Broker", "Filer code", ""),
)  # fmt: skip
