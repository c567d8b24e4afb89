# ruff: noqa: SIM905  (lists of words read better as text)
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphinv.normalise.names import normalize_name


def key(raw: str) -> str:
    name = normalize_name(raw)
    assert name is not None, raw
    return name.key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("PARKER, C", "C. Parker"),
        ("Parker, C. J.", "c j  parker"),
        ("ARUWICK FASHION, LLC", "Aruwick Fashion L.L.C."),
        ("Aruwick Fashion", "ARUWICK FASHION Limited Liability Company"),
        ("Aruwick Fashion LLC", "ARUWICK FASHION LIMITED LIABILITY COMP"),  # cut by a field's length
        ("Qujing Fanjia Trading Co., Ltd.", "QUJING FANJIA TRADING COMPANY LIMITED"),
        ("Qujing Fanjia Trading Co.,Ltd", "Co Ltd Qujing Fanjia Trdg"),
        ("Quan Zhou Import & Export Corp", "Quan Zhou Imp and Exp Corporation"),
        ("Müller Werkzeug GmbH", "MULLER WERKZEUG G.m.b.H."),
        ("MÃ¼ller Werkzeug GmbH", "Müller Werkzeug"),  # UTF-8 read as Windows-1252
        ("Dr. Ann Reed", "REED, ANN"),
        ("Mr. John Smith", "John Smith"),
        ("O'Brien & Sons Inc", "OBrien and Sons"),
        ("Bergstrom & Co.", "Bergstrom Company"),
        ("Ромашка ООО", "OOO Romashka"),
        ("Grupo Norte S.A. de C.V.", "GRUPO NORTE SA DE CV"),
        ("Firma Kowal Sp. z o.o.", "Firma Kowal"),
        ("Yıldız Tekstil A.Ş.", "YILDIZ TEKSTIL AS"),
        ("上海隆宝兴进出口有限公司", "上海隆宝兴进出口"),
        ("X S.A.", "X SA"),
    ],
)
def test_spellings_of_one_name_share_a_key(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    "form",
    ["LLC", "L.L.C.", "Limited Liability Company", "Inc", "Inc.", "Incorporated", "Corp", "Corp.", "Corporation", "Co.",
     "Co., Ltd.", "Co Ltd", "Company Limited", "Ltd", "LIMITED", "GmbH", "SA", "S.A.", "SARL", "S.à r.l.", "BV", "B.V.",
     "Pvt Ltd", "Pty Ltd", "Srl", "S.r.l.", "SpA", "S.p.A.", "OOO", "Sdn Bhd", "Sdn. Bhd.", "KK", "K.K.", "AS", "Oy",
     "A.S.", "Ltda", "JSC", "LLP", "PLC", "AB", "N.V.", "有限公司"],
)  # fmt: skip
def test_legal_forms_leave_no_trace_in_the_key(form: str) -> None:
    assert key(f"Zorrilakka {form}") == "zorrilakka"
    assert normalize_name(f"Zorrilakka {form}").legal_form  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Maria Co", "Maria"), ("CO, MARIA", "Maria"), ("Ann Reed", "Anne Reed"), ("John Smith Jr", "John Smith")],
)
def test_names_of_different_people_stay_different(one: str, other: str) -> None:
    assert key(one) != key(other)


@pytest.mark.parametrize("raw", ["Co Ltd", "S.A.", "The Limited Company", "LLC", "Dr", "the"])
def test_a_name_of_nothing_but_forms_is_kept(raw: str) -> None:
    assert key(raw)


@pytest.mark.parametrize(
    "raw", [None, "", "   ", "-", "N/A", "n.a.", "NONE", "unknown", "TO ORDER", "Same as consignee", "???"]
)
def test_no_name_is_none(raw: str | None) -> None:
    assert normalize_name(raw) is None


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("PARKER, C", "person"), ("Tingguo L. Quenenko", "person"), ("Mr Ali", "person"),
        ("Bergstrom GmbH", "organisation"),
        ("Zorrilakka Global Sports", "organisation"), ("3M", "organisation"), ("Bergstrom", "unknown"),
        ("广州旺诚晟日用品有限公司", "organisation"),
    ],
)  # fmt: skip
def test_the_kind_is_guessed_from_the_words(raw: str, kind: str) -> None:
    name = normalize_name(raw)
    assert name is not None
    assert name.kind == kind


def test_a_name_keeps_its_caption_its_words_in_order_and_its_form() -> None:
    name = normalize_name("  Quzhou  WEIJIA Textile Co., Ltd. ")
    assert name is not None
    assert name.caption == "Quzhou WEIJIA Textile Co., Ltd."
    assert name.tokens == ("quzhou", "weijia", "textile")
    assert name.legal_form == "co ltd"


words = st.sampled_from(
    "Co Ltd LLC S.A. A B. c Dr Mr Maria Trading & and the limited liability sp z o.o. x de cv 3M &Co é 公司".split()
)


@settings(max_examples=500, deadline=None)
@given(st.one_of(st.text(max_size=40), st.lists(words, max_size=7).map(" ".join)))
def test_a_key_is_its_own_key_and_a_caption_keeps_it(raw: str) -> None:
    name = normalize_name(raw)
    if name is not None:
        again, from_caption = normalize_name(name.key), normalize_name(name.caption)
        assert from_caption is not None
        assert from_caption.key == name.key
        assert again is None or again.key == name.key  # a key may read like "no name" ("same llc" leaves "same")


@given(
    st.lists(st.sampled_from(["ann", "reed", "parker", "voss", "olin"]), min_size=1, max_size=5).flatmap(
        lambda w: st.permutations(w).map(lambda p: (w, p))
    )
)
def test_word_order_does_not_matter(orders: tuple[list[str], list[str]]) -> None:
    assert key(" ".join(orders[0])) == key(", ".join(orders[1]))
