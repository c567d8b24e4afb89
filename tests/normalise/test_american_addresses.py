"""American addresses as people write them: every group is one address, and has one building and one unit."""

import pytest

from graphinv.normalise.addresses import normalize_address
from tests.normalise.spellings import RENO, keys, spellings


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
