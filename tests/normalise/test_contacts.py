import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphinv.normalise.contacts import (
    MOBILES,
    normalize_email,
    normalize_phone,
    normalize_website,
    registrable,
    skeleton,
)


@pytest.mark.parametrize(
    ("raw", "country", "e164", "extension"),
    [
        ("+1 980 649 4465", None, "+19806494465", None),
        ("(360) 825-3911", "US", "+13608253911", None),
        ("3106085441", None, "+13106085441", None),
        ("310.608.5441", None, "+13106085441", None),
        ("1-580-904-1700 x62", None, "+15809041700", "62"),
        ("580-904-1700 ext. 62", None, "+15809041700", "62"),
        ("580 904 1700, Extension 62", None, "+15809041700", "62"),
        ("1-800-FLOWERS", None, "+18003569377", None),
        ("+852 906 71010", "US", "+85290671010", None),
        ("0086 139 70324750", "US", "+8613970324750", None),
        ("86-13970324750", None, "+8613970324750", None),
        ("011 86 13970324750", None, "+8613970324750", None),
        ("+86 (139) 7032-4750", None, "+8613970324750", None),
        ("13970324750", "CN", "+8613970324750", None),
        ("020 7946 0958", "GB", "+442079460958", None),
        ("+44 (0)20 7946 0958", None, "+442079460958", None),
        ("(949) 783-3930", "CN", "+19497833930", None),  # an American phone of a Chinese seller
        ("９４９-783-3930", None, "+19497833930", None),
        ("(212) 555-0100", None, "+12125550100", None),  # set aside for films, yet a number like any other
        ("580-904-1700 #12", None, "+15809041700", "12"),
        ("5809041700;ext=12", None, "+15809041700", "12"),
        ("+86 755 8888 9990, ext 12", None, "+8675588889990", "12"),
        ("1-800-GO-FEDEX", None, "+18004633339", None),
        ("1-800-MATTRESS", None, "+18006288737", None),  # letters past the seventh are not dialled
        ("+86 0755 8888 9990", None, "+8675588889990", None),
        ("+49 (0) 30 1234568", None, "+49301234568", None),
        ("030/1234568", "DE", "+49301234568", None),
        ("+0086 13970324750", None, "+8613970324750", None),
        ("(00)8613970324750", None, "+8613970324750", None),
        ("(+86)13970324750", None, "+8613970324750", None),
        ("Tel: 580-904-1700", None, "+15809041700", None),
        ("Phone no. (580) 904-1700, Fax: 580-904-1799", None, "+15809041700", None),
        ("580-904-1700 / 310-350-5922", None, "+15809041700", None),
        ("580-904-1700 310-350-5922", None, "+15809041700", None),
        ("580-904-1700/01", None, "+15809041700", None),
        ("580-904-1700 x4 or 310-350-5922", None, "+15809041700", "4"),
        ("+86 755 88889990; +86 755 88889991", None, "+8675588889990", None),
        ("0755-88889990 / 88889991", "CN", "+8675588889990", None),
        ("000-000-0000 / 580-904-1700", None, "+15809041700", None),  # the first that is one
        ("none / 580-904-1700", None, "+15809041700", None),
    ],
)
def test_phones_become_e164(raw: str, country: str | None, e164: str, extension: str | None) -> None:
    phone = normalize_phone(raw, country)
    assert phone is not None
    assert (phone.e164, phone.extension) == (e164, extension)


@pytest.mark.parametrize(
    "raw",
    [None, "", "N/A", "(000) 000-0000", "123-456-7890", "555-555-5555", "1111111111", "+1 999 999 9999", "911", "12345",
     "call me", "0123456789", "+", "+86", "212-123-4567", "030/1234567", "555-0100", "123-456-7890 / 000-000-0000"],
)  # fmt: skip
def test_dummies_and_fragments_are_no_phones(raw: str | None) -> None:
    assert normalize_phone(raw) is None


def test_plausible_says_whether_the_plan_has_such_a_number() -> None:
    real, unassigned = normalize_phone("310-350-5922"), normalize_phone("(211) 350-5922")
    assert real is not None
    assert unassigned is not None
    assert real.plausible
    assert not unassigned.plausible


@pytest.mark.parametrize(
    ("raw", "toll_free"),
    [("1-800-FLOWERS", True), ("(888) 350-5922", True), ("+44 800 123 4568", True), ("+86 400 123 4568", True),
     ("+49 30 1234568", False), ("+1 801 350 5922", False), ("580-904-1700", False)],
)  # fmt: skip
def test_numbers_that_the_called_firm_pays_for_are_marked(raw: str, toll_free: bool) -> None:
    phone = normalize_phone(raw)
    assert phone is not None
    assert phone.toll_free is toll_free


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.from_regex(r"\+1 ?[2-9]\d\d[ -]?[2-9]\d\d[ -]?\d{4}", fullmatch=True),
        st.from_regex(MOBILES, fullmatch=True).map("+".__add__),
    )
)
def test_the_fast_path_agrees_with_phonenumbers(raw: str) -> None:
    number = phonenumbers.parse(raw, "US")
    phone = normalize_phone(raw)
    if phone is not None:
        assert phonenumbers.is_possible_number(number)
        assert phone.e164 == phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        assert normalize_phone(phone.e164) == phone


@pytest.mark.parametrize(
    ("raw", "address", "free"),
    [
        ("Sales@UrbivaTrading.store", "sales@urbivatrading.store", False),
        ("robertb5697+imp@gmail.com", "robertb5697@gmail.com", True),
        ("Ann <a.b@googlemail.com>", "ab@gmail.com", True),
        ("mailto:info@firm.example", "info@firm.example", False),
        (" x.y@163.com; ", "x.y@163.com", True),
        ("j.o'neil@firm.com", "j.o'neil@firm.com", False),
        ("ann.reed+us@outlook.com", "ann.reed@outlook.com", True),  # no dots there
        ("sales+us@firm.com", "sales+us@firm.com", False),  # who knows what that service does
        ("ann.reed@gmail.con", "annreed@gmail.com", True),
        ("ann (at) firm (dot) com", "ann@firm.com", False),
        ("ann[at]firm.com", "ann@firm.com", False),
        ("ANN AT FIRM.COM", "ann@firm.com", False),
        ("ann＠firm.com", "ann@firm.com", False),
        ("E-mail: ann@firm.com", "ann@firm.com", False),
        ("mailto:ann@firm.com?subject=Hello", "ann@firm.com", False),
        ("ann@firm.com; bob@firm.com", "ann@firm.com", False),
        ("ann@firm.com/bob@firm.com", "ann@firm.com", False),
        ("Ann <ann@firm.com>, Bob <bob@firm.com>", "ann@firm.com", False),
        ("<ann@firm.com>.", "ann@firm.com", False),
        ("a@firm.com", "a@firm.com", False),
        ("info@F\u00dcLLER.de", "info@xn--fller-kva.de", False),
        ("info@\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444", "info@xn--e1afmkfd.xn--p1ai", False),
    ],
)
def test_emails_become_keys(raw: str, address: str, free: bool) -> None:
    email = normalize_email(raw)
    assert email is not None
    assert (email.address, email.free_mail) == (address, free)
    assert normalize_email(email.address) == email


@pytest.mark.parametrize(
    "raw",
    [None, "", "N/A", "x@y", "none@none.com", "@firm.com", "a b", "na@na.com", "x@firm..com", "none@gmail.com",
     "noemail@noemail.com", "no.email@firm.com", "do-not-reply@firm.com", "test@test.com", "asdf@gmail.com",
     "xx@xx.com", "a@a.com", "ann@no.com", "not available", "ann at home", "n/a@n/a"],
)  # fmt: skip
def test_no_email_is_none(raw: str | None) -> None:
    assert normalize_email(raw) is None


@pytest.mark.parametrize(
    ("raw", "key", "ids"),
    [
        ("www.UrbivaTrading.store", "urbivatrading.store", ()),
        ("https://www.bazario.example/itm/110303828", "bazario.example", ()),
        ("http://firm.com:8080/about#team", "firm.com", ()),
        ("https://instagram.com/some.shop/?hl=en", "instagram.com/some.shop", ()),
        ("facebook.com", "facebook.com", ()),
        ("https://www.amazon.co.uk/shops/A1B2?tag=deal-20", "amazon.co.uk/shops/a1b2", (("tag", "deal-20"),)),
        ("https://www.amazon.com/dp/B00X", "amazon.com", ()),
        ("https://www.ebay.com/usr/some_one", "ebay.com/usr/some_one", ()),
        ("https://a.myshopify.com/products/x", "a.myshopify.com", ()),
        ("https://www.f\u00fcller.de/\u00fcber?aff=1", "xn--fller-kva.de", (("aff", "1"),)),
        ("www.millmarket.co?utm_id=DE3N&aff=7&color=red", "millmarket.co", (("aff", "7"), ("utm_id", "DE3N"))),
    ],
)
def test_websites_become_keys(raw: str, key: str, ids: tuple[tuple[str, str], ...]) -> None:
    site = normalize_website(raw)
    assert site is not None
    assert (site.key, site.affiliate_ids) == (key, ids)
    again = normalize_website(site.key)
    assert again is not None
    assert again.key == site.key


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ("https://sites.vendoro.example/annshop", "sites.vendoro.example/annshop"),
        ("store.openstall.example/AnnShop/", "store.openstall.example/annshop"),
        ("annshop.shops.kartly.example/", "annshop.shops.kartly.example"),
        ("https://shop.firm.example/about", "shop.firm.example"),
        ("https://shop.firm.example/collections", "shop.firm.example"),
        ("https://shop.firm.example/women/shoes", "shop.firm.example"),
        ("https://store.co.uk/annshop", "store.co.uk"),
        ("https://firm.example/annshop", "firm.example"),
    ],
)
def test_hosts_that_rent_out_pages_are_told_by_their_first_word(raw: str, key: str) -> None:
    site = normalize_website(raw)
    assert site is not None
    assert site.key == key
    assert normalize_website(site.key) == site


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("walmart.com", "wa1mart.com"), ("walmart.com", "wal-mart.co"), ("walmart.com", "vvalm-art.co.uk"),
        ("walmart.com", "www.walrnart.net"), ("amazon.com", "arnaz0n.shop"), ("nike.com", "n1ke.com"),
        ("walmart.com", "w\u0430lmart.com"), ("apple.com", "xn--pple-43d.com"),  # a Cyrillic letter
        ("copper.com", "\u0441\u043e\u0440\u0440\u0435r.com"),
        ("novator.com", "\u043d\u043e\u0432\u0430\u0442\u043e\u0440.\u0440\u0444"),
        ("shopluma.example", "shop-Iuma.example"), ("firm.co.uk", "firm.com"),
    ],
)  # fmt: skip
def test_domains_that_look_alike_have_one_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other) != ""


@pytest.mark.parametrize(
    ("host", "owned"),
    [
        ("mail.firm.com", "firm.com"), ("firm.com", "firm.com"), ("mail.firm.co.uk", "firm.co.uk"), ("co.uk", "co.uk"),
        ("a.firm.myshopify.com", "firm.myshopify.com"), ("firm.github.io", "firm.github.io"),
        ("mail.firm.uk.com", "firm.uk.com"), ("localhost", "localhost"),
    ],
)  # fmt: skip
def test_the_name_that_one_owner_rents_is_told_from_its_subdomains(host: str, owned: str) -> None:
    assert registrable(host) == owned


@pytest.mark.parametrize(
    ("one", "other"), [("walmart.com", "walmarts.com"), ("nike.com", "mike.com"), ("a.com", "b.com"), ("co.uk", "com")]
)
def test_domains_that_look_different_have_skeletons_of_their_own(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


@given(st.text(max_size=30))
def test_any_text_has_a_skeleton_of_letters_and_digits_without_look_alikes(text: str) -> None:
    bones = skeleton(text)
    assert skeleton(bones) == bones
    assert not set(bones) & set("01i.-")


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ("https://www.etsy.com/shop/ann?ref=9", "etsy.com/shop/ann"),
        ("https://www.bazario.example/shop/ann?ref=9", "bazario.example"),  # nobody told that shops live there
    ],
)
def test_a_path_names_a_shop_only_on_known_hosts_of_shops(raw: str, key: str) -> None:
    site = normalize_website(raw)
    assert site is not None
    assert site.key == key


@pytest.mark.parametrize("raw", [None, "", "N/A", "foo bar", "http://", "a@b.com", "1.5"])
def test_no_website_is_none(raw: str | None) -> None:
    assert normalize_website(raw) is None


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40), st.sampled_from([None, "US", "CN", "GB", "??"]))
def test_no_text_makes_them_fail(text: str, country: str | None) -> None:
    for result in (normalize_phone(text, country), normalize_email(text), normalize_website(text)):
        assert result is None or result
