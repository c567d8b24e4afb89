"""Addresses of China, Hong Kong and others as people write them: every group has one building and one unit."""

import pytest

from tests.normalise.spellings import SHENZHEN, keys, spellings


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
