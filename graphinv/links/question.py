"""What a look-up is asked: the request of ``POST /v1/links/lookup`` and its queries, validated."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

#: Most queries in one request.
MAX_QUERIES = 100

_Text = Annotated[str, StringConstraints(max_length=2000)]
_Texts = Annotated[list[_Text], Field(max_length=50)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AddressQuestion(_Model):
    """An address in the columns of a feed."""

    address_line1: _Text | None = None
    address_line2: _Text | None = None
    city: _Text | None = None
    state: _Text | None = None
    postal_code: _Text | None = None
    country: _Text | None = None


class SellerQuestion(_Model):
    """A marketplace account."""

    platform: _Text
    seller_id: _Text


class PartyQuestion(_Model):
    """A party that nobody may have seen before: everything is optional, every string may be dirty."""

    name: _Text | None = None
    addresses: Annotated[list[_Text | AddressQuestion], Field(max_length=50)] = []
    phones: _Texts = []
    emails: _Texts = []
    importer_number: _Text | None = None
    sellers: Annotated[list[SellerQuestion], Field(max_length=50)] = []
    manufacturer_ids: _Texts = []
    websites: _Texts = []
    bank_accounts: _Texts = []
    officers: _Texts = []
    tax_ids: _Texts = []
    shippers: _Texts = []
    descriptions: _Texts = []
    listing_urls: _Texts = []
    country: _Text | None = None
    hts: _Texts = []
    origin_country: _Text | None = None
    port_code: _Text | None = None
    filer_code: _Text | None = None

    def given(self) -> tuple[str, ...]:
        """Names of the fields that hold something."""
        return tuple([name for name, value in vars(self).items() if value and _holds(value)])


class LookupRequest(_Model):
    """Keyed queries and how far to look."""

    queries: Annotated[
        dict[Annotated[str, StringConstraints(max_length=200)], PartyQuestion],
        Field(min_length=1, max_length=MAX_QUERIES),
    ]
    as_of: str | None = None
    paths: Annotated[int, Field(ge=0, le=10)] = 3
    limit: Annotated[int, Field(ge=0, le=50)] = 5
    max_hops: Annotated[int, Field(ge=1, le=10)] = 6


def text_of(row: Mapping[str, object], column: str) -> str | None:
    """A cell of a feed's row as a question takes it: trimmed, None when blank or missing."""
    value = row.get(column)
    return value.strip() or None if isinstance(value, str) else None


def texts_of(row: Mapping[str, object], column: str) -> list[str]:
    """The same for a field that takes several: one value, or none."""
    text = text_of(row, column)
    return [text] if text else []


def addresses_of(row: Mapping[str, object], prefix: str = "") -> list[str | AddressQuestion]:
    """The address in a row's columns, which may have a prefix; none without a first line."""
    columns = {name: text_of(row, prefix + name) for name in AddressQuestion.model_fields}
    return [AddressQuestion(**columns)] if columns["address_line1"] else []


def question_of(row: Mapping[str, object]) -> PartyQuestion:
    """The question that a shipment asks about its de-facto importer."""
    platform, seller = text_of(row, "platform"), text_of(row, "seller_id")
    return PartyQuestion(
        name=text_of(row, "consignee_name"),
        addresses=addresses_of(row, "consignee_"),
        phones=texts_of(row, "consignee_phone"),
        emails=texts_of(row, "consignee_email"),
        importer_number=text_of(row, "importer_number"),
        sellers=[SellerQuestion(platform=platform, seller_id=seller)] if platform and seller else [],
        manufacturer_ids=texts_of(row, "manufacturer_id"),
        shippers=texts_of(row, "shipper_name"),
        descriptions=texts_of(row, "description"),
        listing_urls=texts_of(row, "listing_url"),
        country=text_of(row, "consignee_country"),
        hts=texts_of(row, "hts"),
        origin_country=text_of(row, "origin_country"),
        port_code=text_of(row, "port_code"),
        filer_code=text_of(row, "filer_code"),
    )


def _holds(value: object) -> bool:
    if isinstance(value, str):
        return bool(value.strip())
    if isinstance(value, list):
        return any(map(_holds, value))
    return value is not None
