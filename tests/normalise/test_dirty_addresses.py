# ruff: noqa: SIM905  (lists of words read better as text)
"""Addresses as people really write them: every group below is one address, and has one building and one unit."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphinv.normalise.addresses import normalize_address, parse_address
from graphinv.normalise.streets import fold_line

RENO = ("Reno", "NV", "89501", "US")
SHENZHEN = ("Shenzhen", "Guangdong", "518057", "CN")


def keys(line: str, *place: str | None) -> tuple[str | None, str | None]:
    found = normalize_address(line, None, *place) if place else parse_address(line)
    assert found is not None, line
    return found.building_key, found.unit_key


def spellings(lines: str) -> list[str]:
    return [line.strip() for line in lines.strip().splitlines()]


@pytest.mark.parametrize(
    ("lines", "building", "unit"),
    [
        (
            """
            12 Main St Apt 5B
            12 Main Street, Apt. #5B
            12 MAIN ST APT NO 5B
            12 Main St. - Unit 5B
            Unit 5B, 12 Main St
            12 Main St (Suite 5-B)
            Suite: 5B 12 Main St
            12 Main St #5B
            12 Main St # 5-B
            12 Main St APT5B
            12 Main St Suitte 5B
            #5B 12 Main St
            12 Main St Rm. No. 5B
            """,
            "12 main st", "5b",
        ),
        (
            """
            12 Main St Bldg C Ste 300
            12 Main St, Building C, Suite 300
            12 Main St STE 300 BLDG C
            Bldg. C #300 12 Main St
            """,
            "12 main st", "c-300",
        ),
        (
            """
            12 Main St 3rd Floor
            12 Main St Fl 3
            12 Main St, 3/F
            12 Main St FL. 3
            3rd Fl, 12 Main St
            12 Main St Floor: 3
            """,
            "12 main st", "3",
        ),
        (
            """
            12 Main St Bsmt
            """,
            "12 main st", "bsmt",
        ),
        (
            """
            ATTN: Ann Reed, 12 Main St
            Attn Ann Reed 12 Main St
            12 Main St, Attention Receiving
            """,
            "12 main st", None,
        ),
        (
            """
            100 US-1
            100 US 1
            100 U.S. Hwy 1
            100 US Highway 1
            100 United States Highway 1
            100 HWY 1
            100 Highway 1
            100 Hwy-1
            100 Hiway 1
            100 Route 1
            100 Rte. 1
            100 U.S. Route 1
            """,
            "100 hwy 1", None,
        ),
        (
            """
            7 State Route 9
            7 SR-9
            7 SR 9
            7 St Rt 9
            7 State Rd 9
            7 State Highway 9
            7 S.R. 9
            7 NV-Route 9
            7 SH 9
            """,
            "7 hwy 9", None,
        ),
        (
            """
            7 County Road 5
            7 CR 5
            7 CR-5
            7 Co Rd 5
            7 Co. Rd. 5
            7 County Hwy 5
            7 C.R. 5
            """,
            "7 cr 5", None,
        ),
        (
            """
            8100 FM 1960
            8100 FM-1960
            8100 Farm to Market Road 1960
            8100 FM 1960 Rd
            8100 FM Road 1960
            """,
            "8100 fm 1960", None,
        ),
        (
            """
            8100 FM 1960 Rd W
            8100 W FM 1960
            8100 West FM 1960 Road
            8100 FM 1960 West
            """,
            "8100 fm 1960 w", None,
        ),
        (
            """
            55 Interstate 10
            55 I-10
            55 I 10
            55 IH-10
            55 Interstate Highway 10
            """,
            "55 i 10", None,
        ),
        (
            """
            55 N Hwy 6 Ste 2
            55 Highway 6 North, Suite 2
            55 HWY 6 N #2
            """,
            "55 hwy 6 n", "2",
        ),
        (
            """
            9 NE 5th St
            9 N.E. 5th St.
            9 Northeast Fifth Street
            9 North-East 5th St
            9 NE 5 St
            """,
            "9 ne 5th st", None,
        ),
        (
            """
            9 5th St NE
            9 5th Street N.E.
            9 Fifth St. Northeast
            """,
            "9 5th st ne", None,
        ),
        (
            """
            350 W 42nd St
            350 West 42 Street
            350 W. 42ND ST.
            """,
            "350 w 42nd st", None,
        ),
        (
            """
            350 5th Ave
            350 Fifth Avenue
            350 5 Ave
            """,
            "350 5th ave", None,
        ),
        (
            """
            12 1/2 Main St
            12 1/2 MAIN STREET
            """,
            "12 1/2 main st", None,
        ),
        (
            """
            PO Box 77
            P.O. Box 77
            P O BOX 77
            POB 77
            P.O.BOX 77
            Post Office Box 77
            PO Box #77
            PO Box No. 77
            Box 77
            PO Bx 77
            """,
            "po box 77", None,
        ),
        (
            """
            12 Main St PMB 107
            12 Main St, PMB #107
            12 Main St Private Mailbox 107
            PMB 107, 12 Main St
            12 Main St Box 107
            12 Main St Mailbox 107
            """,
            "12 main st", "107",
        ),
    ],
)  # fmt: skip
def test_american_spellings_agree(lines: str, building: str, unit: str | None) -> None:
    for line in spellings(lines):
        assert keys(line, *RENO) == (f"{building}|reno nv", unit), line


@pytest.mark.parametrize(
    "line", ["PO Box 77", "POB 77", "Post Office Box 77", "12 Main St PMB 107", "12 Main St Box 107",
             "PMB 107, 12 Main St", "12 Main St Ste K20844", "12 Main St Suite A-21859", "12 Main St # FX-22272",
             "c/o Ann Reed 12 Main St",
             "C/O: Ann Reed, 12 Main St"],
)  # fmt: skip
def test_boxes_and_forwarder_numbers_are_mail_drops(line: str) -> None:
    found = normalize_address(line, None, *RENO)
    assert found is not None
    assert found.mail_drop


@pytest.mark.parametrize(
    "line",
    ["12 Main St Ste A-12", "12 Main St Unit B2000", "ATTN Ann, 12 Main St", "12 Box Elder Dr", "12 Drawbridge Ln"],
)
def test_units_and_attention_lines_are_no_mail_drops(line: str) -> None:
    found = normalize_address(line, None, *RENO)
    assert found is not None
    assert not found.mail_drop


@pytest.mark.parametrize(
    ("lines", "building", "unit"),
    [
        (
            """
            Room 301, No.5 Building, No. 12 Keji Road
            Rm 301, Bldg 5, 12 Keji Rd.
            Rm. 301, Building No.5, No.12 Keji Lu
            12 Keji Road, Building 5, Room 301
            No.12, Keji Road, 5# Building, Room 301
            Room 301 5th Building 12 Keji Rd
            Keji Road No. 12, 5 Dong, 301 Shi
            12 Hao Keji Lu, Bldg.5, 301 Room
            Nanshan District, Keji Road 12, Building 5, Room 301
            Room 301, Bldg 5, 12 Keji Rd, Yuehai Subdistrict
            Room 301 Building 5 No 12 Keji Road Nanshan District
            Keji Lu 12 Hao, 5 Hao Lou, 301 Room
            Rm301, Bldg 5, No. 12 Ke Ji Road, Nanshan Qu
            12 Ke Ji Lu, 3/F, Rm 301, No. 5 Bldg
            """,
            "12 keji rd", "5-301",
        ),
        (
            """
            No. 8 Nanjing West Road
            8 Nanjing Xi Lu
            8 West Nanjing Road
            """,
            "8 w nanjing rd", None,
        ),
        (
            """
            66 Shennan Avenue
            66 Shennan Dadao
            66 Shen Nan Da Dao
            No.66, Shennan Ave.
            """,
            "66 shennan ave", None,
        ),
        (
            """
            5 Zhongshan Middle Road, 3/F
            3rd Floor, No.5 Zhongshan Zhong Lu
            5 Zhong Shan Zhong Road 3F
            """,
            "5 mid zhongshan rd", "3",
        ),
        (
            """
            Block B, 12 Keji Road
            Tower B, 12 Keji Rd
            B Building, 12 Keji Rd
            """,
            "12 keji rd", "b",
        ),
        (
            """
            12 Keji Rd, Bldg 3, Unit 2, Room 501
            Room 501, Unit 2, Bldg 3, 12 Keji Rd
            12 Keji Lu 3 Dong 2 Danyuan 501 Shi
            """,
            "12 keji rd", "3-2-501",
        ),
        (
            """
            Zone B, 12 Keji Road
            12 Keji Road, Zone B
            """,
            "12 keji rd", "b",
        ),
        (
            """
            Xinzhuang Village, Shajing Town, Baoan District
            Xinzhuang Cun, Shajing Zhen
            """,
            "xinzhuang vlg", None,
        ),
        (
            """
            88 Jiefang Jie, Shajing Town
            No. 88 Jiefang Street
            """,
            "88 jiefang st", None,
        ),
    ],
)  # fmt: skip
def test_chinese_spellings_agree(lines: str, building: str, unit: str | None) -> None:
    for line in spellings(lines):
        assert keys(line, *SHENZHEN) == (f"{building}|shenzhen", unit), line


@pytest.mark.parametrize(
    "text",
    [
        "Room 301, No. 12 Keji Road, Nanshan District, Shenzhen, Guangdong, China",
        "Rm 301, 12 Keji Rd, Nanshan Qu, Shenzhen Shi, Guangdong Sheng, P.R. China",
        "Room 301 12 Keji Road Nanshan District Shenzhen Guangdong China",
        "Guangdong Province, Shenzhen City, Nanshan District, Keji Road No.12, Room 301",
        "RM 301, NO.12 KEJI RD., NANSHAN DIST., SHENZHEN 518057, CHINA",
        "12 Ke Ji Lu, Room 301, Shenzhen City, Guangdong, CN",
    ],
)
def test_one_string_chinese_addresses_agree(text: str) -> None:
    assert keys(text) == ("12 keji rd|shenzhen", "301")


@pytest.mark.parametrize(
    ("place", "locality"),
    [
        (("Nanshan District", "Shenzhen", None, "CN"), "shenzhen"),
        (("Nanshan Qu", "Guangdong", None, "CN"), "shenzhen"),
        (("Guangdong", "Shenzhen", None, "CN"), "shenzhen"),
        (("Shenzhen Shi", None, None, None), "shenzhen"),
        (("Yiwu", "Zhejiang", None, "China"), "jinhua"),
        (("Yiwu City", "Jinhua", None, None), "jinhua"),
        (("Chaoyang District", "Beijing", None, "CN"), "beijing"),
        (("Chaoyang", "Liaoning", None, "CN"), "chaoyang"),  # a city of that name
        (("Shajing Town", "Shenzhen", None, "CN"), "shenzhen"),
        (("Gulou District", None, None, "CN"), "guloudistrict"),  # in four cities
        (("Kowloon", None, None, "HK"), "hongkong"),
        (("Kwun Tong", "Kowloon", None, "Hong Kong"), "hongkong"),
        (("Bombay", "Maharashtra", "400001", "IN"), "mumbai"),
        (("Saigon", None, None, "VN"), "hochiminh"),
        (("Ho Chi Minh City", None, None, "Viet Nam"), "hochiminh"),
        (("Nanshan", None, None, "ID"), "nanshan"),  # another country's
    ],
)
def test_districts_and_swapped_fields_give_the_city(place: tuple[str | None, ...], locality: str) -> None:
    assert keys("12 Keji Road", *place)[0] == f"12 keji rd|{locality}"


@pytest.mark.parametrize(
    ("lines", "building", "unit"),
    [
        (
            """
            Flat B, 12/F, 103 Hennessy Road
            Flat/Rm B, 12/F, 103 Hennessy Rd
            Rm B 12/F 103 Hennessy Rd
            Unit B, 12th Floor, 103 Hennessy Road
            12/F Flat B 103 Hennessy Road
            """,
            "103 hennessy rd", "12b",
        ),
        (
            """
            Rm 3, 12/F, 103 Hennessy Road
            Room 1203, 103 Hennessy Rd
            Rm 1203, 12/F, 103 Hennessy Road
            Flat 03 12/F, 103 Hennessy Road
            """,
            "103 hennessy rd", "1203",
        ),
        (
            """
            Shop 5, G/F, 103 Hennessy Road
            Shop No. 5, Ground Floor, 103 Hennessy Rd
            """,
            "103 hennessy rd", "5",
        ),
        (
            """
            Workshop A, 3/F, Block 2, 103 Hennessy Road
            Workshop A 3rd Floor Blk 2 103 Hennessy Rd
            """,
            "103 hennessy rd", "2-3a",
        ),
    ],
)  # fmt: skip
def test_hong_kong_spellings_agree(lines: str, building: str, unit: str) -> None:
    for line in spellings(lines):
        assert keys(line, "Kwun Tong", None, None, "HK") == (f"{building}|hongkong", unit), line


@pytest.mark.parametrize(
    ("lines", "place", "building", "unit"),
    [
        (
            """
            Atatürk Mah. 123. Sok. No:5 Kat:2 D:3
            Ataturk Mahallesi, 123 Sokak No: 5 Daire: 3 Kat 2
            """,
            ("Izmir", "TR"), "5 123 sok", "203",
        ),
        (
            """
            Bağdat Cad. No: 45
            Bagdat Caddesi No 45
            Caddebostan Mah., Bağdat Cd. No:45
            """,
            ("Istanbul", "TR"), "45 bagdat cad", None,
        ),
        (
            """
            Plot No. 675, Sector 18
            Plot # 675 Sector 18
            Plot-675, Sector 18
            """,
            ("Gurgaon", "IN"), "675 sector 18", None,
        ),
        (
            """
            House # 12, Road # 5, Dhanmondi
            House No. 12, Road 5, Dhanmondi
            H No 12, Road #5
            """,
            ("Dhaka", "BD"), "12 rd 5", None,
        ),
        (
            """
            12 Nguyen Trai Street, Ward 5, District 1
            No. 12 Nguyen Trai St., District 1
            12 Nguyen Trai Street, Phuong 5, Quan 1
            """,
            ("Ho Chi Minh City", "VN"), "12 nguyen trai st", None,
        ),
        (
            """
            123/4 Nguyen Trai Street
            """,
            ("Hanoi", "VN"), "123/4 nguyen trai st", None,
        ),
        (
            """
            Carretera Saltillo km 12 1/2
            Carretera Saltillo Km. 12.5
            CARRETERA SALTILLO KM 12,5
            """,
            ("Monterrey", "MX"), "carretera saltillo km 12-5", None,
        ),
    ],
)  # fmt: skip
def test_spellings_of_other_countries_agree(
    lines: str, place: tuple[str, str], building: str, unit: str | None
) -> None:
    for line in spellings(lines):
        key, found = keys(line, place[0], None, None, place[1])
        assert key is not None
        assert (key.split("|")[0], found) == (building, unit), line


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rm 3, 12/F, 103 Hennessy Road", "Rm 3, 5/F, 103 Hennessy Road"),
        ("Bldg 3, Room 501, 12 Keji Rd", "Bldg 5, Room 501, 12 Keji Rd"),
        ("12 Main St Unit 2", "12 Main St Unit 3"),
        ("8 Nanjing West Road", "8 Nanjing East Road"),
        ("9 NE 5th St", "9 NW 5th St"),
        ("100 FM 1960", "100 Hwy 1960"),
    ],
)
def test_other_places_stay_apart(one: str, other: str) -> None:
    assert keys(one, *SHENZHEN) != keys(other, *SHENZHEN)


dirty = st.lists(
    st.sampled_from(
        "12|301|5#|No.|Hao|Room|Bldg|B|Building|Dong|3/F|Unit|Keji|Tian|He|Lu|Nan|Road|Nanshan Qu|Shenzhen|Guangdong|,|"
        "Shi|Mah.|Sok.|D:3|Plot #|House|FM|US-1|N.E.|42|St|PMB|c/o|Attn|Zone|km 12.5|-|Province|Flat/Rm".split("|")
    ),
    max_size=10,
).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(dirty, st.sampled_from([(None, None), ("Shenzhen", "CN"), ("Reno", "US"), ("Izmir", "TR"), ("X Qu", None)]))
def test_no_mixture_makes_it_fail(line: str, place: tuple[str | None, str | None]) -> None:
    for found in (parse_address(line), normalize_address(line, None, place[0], None, None, place[1])):
        assert found is None or found.caption is not None


@settings(max_examples=300, deadline=None)
@given(dirty)
def test_a_folded_line_folds_to_itself(line: str) -> None:
    folded = fold_line(line.lower())
    assert fold_line(folded) == folded


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 9999), st.sampled_from(["Keji Lu", "N Oak St", "5th Ave", "Nanjing West Road", "Hwy 9"]),
       st.sampled_from(["", ", Room 301", ", Bldg 5, Rm 3", " # 7", ", 3/F, Unit B"]))  # fmt: skip
def test_keys_of_a_caption_are_its_own(number: int, street: str, unit: str) -> None:
    one = normalize_address(f"{number} {street}{unit}", None, *SHENZHEN)
    assert one is not None
    again = parse_address(one.caption)
    assert again is not None
    assert (again.building_key, again.unit_key) == (one.building_key, one.unit_key)
