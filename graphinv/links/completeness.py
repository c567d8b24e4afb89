"""How much was given, and which missing field would help most."""

from graphinv.links.answer import Completeness, MissingHelp
from graphinv.links.question import PartyQuestion

#: The fields of each tier, most telling first; why each helps.
_HELP = {
    "bank_accounts": "an account behind a marketplace seller is hardly ever shared by strangers",
    "phones": "a phone is kept when a name is changed, and few parties share one",
    "emails": "an e-mail address is kept when a name is changed, and few parties share one",
    "addresses": "the suite tells tenants of one building apart",
    "importer_number": "a registered number brings the registered contacts to compare",
    "name": "without a name only shared values can be looked up",
    "sellers": "a marketplace account brings the contacts that the marketplace verified",
    "manufacturer_ids": "a supplier is often kept when the importer is new",
}


def completeness(question: PartyQuestion) -> Completeness:
    """Tier, given fields, and the missing ones with why they would help."""
    given = question.given()
    missing = tuple(field for field in type(question).model_fields if field not in given)
    help_ = tuple(MissingHelp(field, why) for field, why in _HELP.items() if field in missing)
    return Completeness(tier=_tier(set(given)), given=given, missing=missing, missing_help=help_)


def _tier(given: set[str]) -> str:
    if not {"name", "addresses"} <= given:
        return "minimal"
    if "importer_number" in given and given & {"manufacturer_ids", "hts", "filer_code"}:
        return "full_entry"
    if given & {"phones", "emails", "sellers", "listing_urls", "websites"}:
        return "advance_data"
    return "low_value"
