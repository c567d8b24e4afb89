"""Sentences that a person can read aloud."""

from graphinv.links.sentences import Crossing, SeizureWords, Spot, path_sentence, sentence

SEIZED = SeizureWords("2025-03-04", "seized", "ipr", "cosmetics", "X77")
LUMEN, HARBOR = Spot("Lumen Parcel LLC", True, 0), Spot("Harbor Gift Inc", True, 0)
PHONE = Spot("+12135550142", False, 2)


def test_a_shared_phone() -> None:
    told = sentence([LUMEN, PHONE, HARBOR], [Crossing("HAS_PHONE", True), Crossing("HAS_PHONE", False)], SEIZED)
    assert told == (
        "Lumen Parcel LLC shares phone +12135550142 with Harbor Gift Inc, whose shipment X77 was seized on 2025-03-04 "
        "(counterfeit cosmetics); the phone is used by 2 parties"
    )


def test_two_shared_values_one_after_the_other() -> None:
    middle, account = Spot("Ida Shop", True, 0), Spot("account …1234", False, 3)
    crossings = [
        Crossing("HAS_PHONE", True),
        Crossing("HAS_PHONE", False),
        Crossing("PAID_TO", True),
        Crossing("PAID_TO", False),
    ]
    told = path_sentence([LUMEN, PHONE, middle, account, HARBOR], crossings)
    assert told == (
        "Lumen Parcel LLC shares phone +12135550142 with Ida Shop, which shares the bank account …1234 with "
        "Harbor Gift Inc; the phone is used by 2 parties, the account by 3 parties"
    )


def test_a_row_of_records_that_may_be_one_party_is_told_once() -> None:
    between = Spot("Lumen Parcels", True, 0)
    alike = [Crossing("SAME_AS", True, 0.9), Crossing("SAME_AS", True, 0.9)]
    assert path_sentence([LUMEN, between, HARBOR], alike) == (
        "Lumen Parcel LLC is probably the same party as Harbor Gift Inc"
    )
    assert path_sentence([LUMEN, between, LUMEN], alike) == (
        "Lumen Parcel LLC is probably the same party as another record of that name"
    )


def test_what_an_investigator_judged_is_told_as_that() -> None:
    judged = Crossing("SAME_AS", True, 1.0, judged="on 2025-06-01 (one signature)")
    said = "was judged the same party as Harbor Gift Inc by an investigator on 2025-06-01 (one signature)"
    between = Spot("Lumen Parcels", True, 0)
    assert path_sentence([LUMEN, HARBOR], [judged]) == f"Lumen Parcel LLC {said}"
    assert path_sentence([LUMEN, between, HARBOR], [judged, judged]) == f"Lumen Parcel LLC {said}"
    assert path_sentence([LUMEN, between, HARBOR], [Crossing("SAME_AS", True, 0.9), judged]) == (
        f"Lumen Parcel LLC is probably the same party as Lumen Parcels, which {said}"
    )


def test_a_record_of_another_name_is_told_by_both() -> None:
    assert sentence([HARBOR], [], SEIZED, "HARBOR GIFT, INC.").startswith("HARBOR GIFT, INC. is a party whose shipment")
    assert sentence([HARBOR], [], SEIZED, "Zanthor Quell").startswith(
        "Zanthor Quell is Harbor Gift Inc on record, whose shipment"
    )


def test_dealings_are_told_in_their_direction() -> None:
    assert path_sentence([LUMEN, HARBOR], [Crossing("BUYS_FROM", True)]) == "Lumen Parcel LLC buys from Harbor Gift Inc"
    assert path_sentence([LUMEN, HARBOR], [Crossing("BUYS_FROM", False)]) == "Lumen Parcel LLC sells to Harbor Gift Inc"


def test_how_probable_one_party_is_decides_the_words() -> None:
    assert (
        path_sentence([LUMEN, HARBOR], [Crossing("SAME_AS", True, 0.9)]).split(" the same")[0].endswith("is probably")
    )
    assert path_sentence([LUMEN, HARBOR], [Crossing("SAME_AS", True, 0.4)]).split(" the same")[0].endswith("may be")


def test_two_units_of_one_building() -> None:
    spots = [LUMEN, Spot("PMB 1", False, 1), Spot("50 Anchor Rd", False, 41), Spot("PMB 7", False, 1), HARBOR]
    crossings = [
        Crossing("LOCATED_AT", True), Crossing("SAME_BUILDING", True), Crossing("SAME_BUILDING", False),
        Crossing("LOCATED_AT", False),
    ]  # fmt: skip
    assert path_sentence(spots, crossings) == (
        "Lumen Parcel LLC is in the same building (50 Anchor Rd) as Harbor Gift Inc; the building is used by 41 parties"
    )


def test_a_seizure_without_shipment_or_goods() -> None:
    bare = SeizureWords("2025-03-04", "detained", None, None, None)
    assert sentence([HARBOR], [], bare) == "Harbor Gift Inc is a party whose goods were detained on 2025-03-04"


def test_goods_that_name_their_offence_are_told_once() -> None:
    def told(category: str, commodity: str) -> str:
        seizure = SeizureWords("2025-03-04", "seized", category, commodity, "X77")
        return sentence([HARBOR], [], seizure).rpartition("2025-03-04 ")[2]

    assert told("ipr", "Counterfeit watches") == "(Counterfeit watches)"
    assert told("narcotics", "Narcotics, fentanyl") == "(Narcotics, fentanyl)"
    assert told("other", "used tyres") == "(used tyres)"
