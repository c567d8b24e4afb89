# ruff: noqa: SIM905  (lists of words read better as text)
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphinv.normalise.addresses import Address, normalize_address, parse_address

Fields = tuple[str | None, ...]


def address(*fields: str | None) -> Address:
    result = normalize_address(*fields)
    assert result is not None, fields
    return result


def parsed(text: str) -> Address:
    result = parse_address(text)
    assert result is not None, text
    return result


HOUSTON: Fields = ("9237 S Aspen Ave", "APARTMENT 37", "Houston", "TX", "77083", "US")


@pytest.mark.parametrize(
    "same",
    [
        ("9237 S Aspen Ave, APT. 37", None, "Houston", "TX", "77083", "US"),
        ("9237 South Aspen Avenue", "Unit 37", "HOUSTON", "Texas", "77083-1234", "USA"),
        ("9237 S. ASPEN AVE. # 37", None, "Houston ", "TX", "770831234", None),
        ("9237 S Aspen Ave Apt 37", None, "Houston", "TX", None, "US"),  # ZIP code missing
        ("9237 S Aspen Ave Apt37", None, None, "TX", "77083", "US"),  # city missing
        ("9237 S Aspen Ave Suite #37", None, None, None, "77083", None),  # city, state and country missing
        ("9237 S Aspen Ave, Rm. 37", None, "Hosuton", "TX", "77083", "US"),  # city misspelt
        ("9237 S ASPEN AVE, PMB 37", None, "Houston", "TX", "77083", "US"),
        ("Apt 37, 9237 S Aspen Ave", None, "Houston", "TX", "77083", "US"),
        ("9237 S Aspen Ave", "Apt. 37, Houston TX", "Houston", "TX", "77083", "US"),
        ("9237 S Aspen Ave", "37th Floor", "Houston", "TX", "77083", "US"),
    ],
)
def test_spellings_of_one_suite_agree(same: Fields) -> None:
    one, other = address(*HOUSTON), address(*same)
    assert other.building_key == one.building_key == "9237 s aspen ave|houston tx"
    assert other.unit_key == one.unit_key == "37"


@pytest.mark.parametrize(
    ("other", "building", "unit"),
    [
        (("9237 S Aspen Ave", "Apt 38", "Houston", "TX", "77083", "US"), True, False),
        (("9237 S Aspen Ave", None, "Houston", "TX", "77083", "US"), True, False),
        (("9235 S Aspen Ave", "Apt 37", "Houston", "TX", "77083", "US"), False, True),
        (("9237 N Aspen Ave", "Apt 37", "Houston", "TX", "77083", "US"), False, True),
        (("9237 S Aspen St", "Apt 37", "Houston", "TX", "77083", "US"), False, True),
        (("9237 S Aspen Ave", "Apt 37", "Dallas", "TX", "75201", "US"), False, True),
        (("9237 S Aspen Ave", "Apt 37", "Houston", "MO", None, "US"), False, True),
    ],
)
def test_building_and_suite_differ_apart(other: Fields, building: bool, unit: bool) -> None:
    one, two = address(*HOUSTON), address(*other)
    assert (one.building_key == two.building_key) is building
    assert (one.unit_key == two.unit_key) is unit


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("100 US Highway 1", None, "Edison", "NJ", "08817"), ("100 US-1", None, "Edison", "NJ", "8817")),
        (("100 U.S. Route 1", None, "Edison", "NJ", "08817"), ("100 US Hwy 1", None, "Edison", "NJ", "08817-4021")),
        (("7 State Route 9", None, "Reno", "NV", "89501"), ("7 SR 9", None, "Reno", "NV", "89501")),
        (("13 First Street", None, "Reno", "NV", None), ("13 1st St", None, "reno", "nv", None)),
        (("12 Saint Marks Pl", None, "Saint Louis", "MO", None), ("12 St. Marks Place", None, "St. Louis", "MO", None)),
        (("28 Main Parkway 2708", None, "Dallas", "TX", None), ("28 Main Pkwy", "STE 2708", "Dallas", "TX", None)),
        (("9 Oak Rd", None, "Los Angeles", "CA", "90028"), ("9 Oak Road", None, "Hollywood", "CA", "90028")),
        (("9 Oak Rd", None, "New York City", "NY", None), ("9 Oak Road", None, "New York", "NY", "10017")),
        (
            ("No. 1285 Tianhe Road, RM. 1111", None, "Shenzhen", "Guangdong", "518000", "CN"),
            ("1285 TIANHE RD", "Room 1111", "Shenzhen City", None, None, "P.R. China"),
        ),
        (
            ("Room 1111, No.1285 Tianhe Rd., Nanshan District", None, "SHENZHEN", None, None, None),
            ("1285 Tianhe Road, Rm 1111", None, "Shen Zhen", "Guangdong", None, "CHN"),
        ),
        (("Musterstraße 12", None, "Berlin", None, "10115", "DE"),
        ("12 Musterstrasse", None, "Berlin", None, None, None)),
        (("12/F, 103 Hennessy Road", None, "Hong Kong", None, None, "HK"),
        ("103 Hennessy Rd Floor 12", None, None, None, None, "HK")),
    ],
)  # fmt: skip
def test_common_variants_agree(one: Fields, other: Fields) -> None:
    first, second = address(*one), address(*other)
    assert first.building_key == second.building_key is not None
    assert first.unit_key == second.unit_key


@pytest.mark.parametrize(
    ("fields", "po_box"),
    [
        (("P.O. Box 123", None, "Reno", "NV", "89501"), "123"),
        (("PO BOX 123, 12 Main St", None, "Reno", "NV", "89501"), "123"),
        (("12 Main St Box 45", None, "Reno", "NV", "89501"), None),
        (("12 Main St", "PMB 45", "Reno", "NV", "89501"), None),
        (("c/o Ann Reed, 12 Main St", None, "Reno", "NV", "89501"), None),
        (("C/O: Reed Forwarding", "12 Main St", "Reno", "NV", "89501"), None),
        (("12 Main St", "Suite SKB-48213", "Reno", "NV", "89501"), None),  # a customer number at a forwarder
    ],
)
def test_mail_drops_are_marked(fields: Fields, po_box: str | None) -> None:
    result = address(*fields)
    assert result.mail_drop
    assert result.po_box == po_box
    street = "po box 123" if fields[0] == "P.O. Box 123" else "12 main st"
    assert result.building_key == f"{street}|reno nv"


@pytest.mark.parametrize(
    "line", ["12 Main St", "12 Main St Apt 4", "554 Boxwood Ln", "9 Pobal Rd", "12 Fox Court", "12 Box Elder Dr"]
)
def test_plain_addresses_are_no_mail_drops(line: str) -> None:
    assert not address(line, None, "Reno", "NV", "89501").mail_drop


@pytest.mark.parametrize(
    ("text", "building", "unit", "state"),
    [
        ("123 Main Street, Las Vegas NV 89132", "123 main st|lasvegas nv", None, "NV"),
        ("123 Main Street Apt 5 Las Vegas NV 89132", "123 main st|lasvegas nv", "5", "NV"),
        ("123 Main Street Apt 5 Las Vegas NV 89132 US", "123 main st|lasvegas nv", "5", "NV"),
        ("123 Main Street Las Vegas NV 89132-0001 United States", "123 main st|lasvegas nv", None, "NV"),
        ("123 MAIN ST, STE 5, LAS VEGAS, NEVADA, 89132-0001, USA", "123 main st|lasvegas nv", "5", "NV"),
        ("10 Broad St, New York, New York 10004, United States", "10 broad st|newyork ny", None, "NY"),
        ("No. 454 Heping Road, Qingdao, Shandong", "454 heping rd|qingdao", None, "Shandong"),
        ("No. 454 Heping Road, Room 8, Qingdao, Shandong, China", "454 heping rd|qingdao", "8", "Shandong"),
        ("No. 789 Chouzhou Road, Shanghai, Shanghai", "789 chouzhou rd|shanghai", None, "Shanghai"),
        ("806 Laurel Road, Hanoi, ", "806 laurel rd|hanoi", None, None),
        ("4 Hillview Rise, Singapore", "4 hillview rise|singapore", None, None),
        ("PO Box 77, Reno, NV 89501", "po box 77|reno nv", None, "NV"),
    ],
)
def test_one_string_addresses_split(text: str, building: str, unit: str | None, state: str | None) -> None:
    result = parsed(text)
    assert (result.building_key, result.unit_key, result.state) == (building, unit, state)


@pytest.mark.parametrize("text", ["554 Cherry Wy", "554 Cherry Way", "12 Elm Ct", "Main St, Houston, TX", "Houston TX"])
def test_half_an_address_has_no_building_key(text: str) -> None:
    assert parsed(text).building_key is None


@pytest.mark.parametrize("street", ["Bay St", "Tower Rd", "Gate Dr", "Flat Ln", "Lot Pl", "Office Park Dr", "Floor St"])
def test_street_names_that_look_like_units_are_streets(street: str) -> None:
    result = address(f"12 {street}", "Apt 3", "Reno", "NV", "89501")
    assert result.unit_key == "3"
    assert result.building_key is not None
    assert result.building_key.split()[1] == street.split()[0].lower()


def test_a_name_in_the_street_line_is_no_building() -> None:
    assert address("Bergstrom Trading Co", None, "Reno", "NV", "89501").building_key is None
    assert address("Bergstrom Trading Co", "12 Main St", "Reno", "NV", "89501").building_key == "12 main st|reno nv"
    assert address("Liantang Industrial Park", None, "Shenzhen", None, None, "CN").building_key is not None


def test_city_and_state_in_each_others_field_are_put_right() -> None:
    assert address("12 Main St", None, "NV", "Reno").building_key == "12 main st|reno nv"


def test_fields_left_blank_are_read_from_the_line() -> None:
    assert address("123 Main St, Reno, NV 89501").building_key == "123 main st|reno nv"
    assert address("123 Main St, Reno, NV 89501", None, "Reno", "NV", "89501").building_key == "123 main st|reno nv"


def test_a_zip_code_that_contradicts_the_city_does_not_move_the_building() -> None:
    assert address("12 Oak St", None, "Houston", "TX", "75201").building_key == "12 oak st|houston tx"


def test_a_chinese_postal_code_is_not_cut_to_a_zip_code() -> None:
    assert address("12 Keji Road", None, "Shenzhen", None, "518057").postal_code == "518057"
    assert address("12 Keji Road", None, None, None, "518057").locality == "518057"


def test_an_address_without_a_street_has_a_locality() -> None:
    assert address(None, None, "Hosuton", "TX", "77083").locality == "houston tx"
    assert address("Nobody knows", None, "Nanshan District", "Shenzhen", None, "CN").locality == "shenzhen"
    assert address("12 Main St, Reno, NV 89501").locality == "reno nv"


@pytest.mark.parametrize("fields", [(None,), ("", ""), ("  ", None, "", None, " ", ""), (" , ", None)])
def test_blank_addresses_are_none(fields: Fields) -> None:
    assert normalize_address(*fields) is None


numbers = st.integers(1, 99999)
streets = st.sampled_from(["Oak", "Aspen", "N Spruce", "Lincoln Cherry", "18th", "South Vista Park"])
suffixes = st.sampled_from(["St", "Street", "AVE", "Avenue", "Blvd.", "Road", "Wy", "Terrace", "Ct"])
units = st.sampled_from(["", ", Suite 300", " Apt 4B", ", #12", " Ste. 7"])
places = st.sampled_from(["Houston, TX 77083", "Los Angeles, CA 90028", "Fort Lauderdale, FL 33305", "Reno, NV 89501"])


@settings(max_examples=200, deadline=None)
@given(numbers, streets, suffixes, units, places)
def test_a_caption_parses_to_its_own_keys(number: int, street: str, suffix: str, unit: str, place: str) -> None:
    city, region = place.split(", ")
    one = address(f"{number} {street} {suffix}{unit}", None, city, *region.split(), "US")
    again = parsed(one.caption)
    assert (again.building_key, again.unit_key) == (one.building_key, one.unit_key)
    assert one.building_key is not None
    upper = address(one.caption.upper())
    assert upper.building_key == one.building_key


fragments = st.lists(
    st.sampled_from(
        "c/o # , po box apt 5 floor 12/f no 7-9 us-1 hwy usa china tx 77083 pmb é 路 \x1f - % & ' \"".split(" ")
    ),
    max_size=8,
).map(" ".join)


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(st.text(max_size=60), fragments),
    st.one_of(st.none(), st.text(max_size=10), fragments),
    st.text(max_size=8),
)
def test_no_text_makes_it_fail(line: str, other: str | None, place: str) -> None:
    for result in (parse_address(line), normalize_address(line, other, place, other, place, place)):
        assert result is None or isinstance(result, Address)
