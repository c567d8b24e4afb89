"""What people decided about who is who, kept beside the records: nothing is lost, and no two decisions contradict."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from graphinv.errors import InvalidInput, NotFound
from graphinv.resolve.judgements import Decision, Judgement, JudgementStore, Verdict, judged_same, pairs_of
from graphinv.settings import Settings
from graphinv.state import JUDGEMENTS
from graphinv.workspace import Workspace, open_workspace_folder

SAME, DIFFERENT = Verdict.SAME, Verdict.DIFFERENT
A, B, C, D = "importers:A1", "importers:B2", "sellers:bazario/C3", "shipments:D4#consignee"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """An empty workspace."""
    found = open_workspace_folder(Settings(workspace=tmp_path / "workspace"))
    yield found
    found.close()


@pytest.fixture
def store(workspace: Workspace) -> JudgementStore:
    """Its judgements: none yet."""
    return JudgementStore(workspace)


def judge(store: JudgementStore, left: str, right: str, verdict: Verdict, key: str | None = None) -> Judgement:
    return store.judge(Decision(left, right, verdict, "ann", "they said so on the phone", key))


def test_a_judgement_says_who_why_and_when_and_is_there_when_the_workspace_is_opened_again(
    workspace: Workspace, store: JudgementStore
) -> None:
    before = datetime.now(UTC)
    made = store.judge(Decision(A, B, SAME, "ann", "one signature on both forms"))
    assert (made.left, made.right, made.verdict, made.who) == (A, B, SAME, "ann")
    assert made.why == "one signature on both forms"
    assert before <= made.judged_at <= datetime.now(UTC)
    again = open_workspace_folder(Settings(workspace=workspace.root))
    assert JudgementStore(again).all() == [made]
    again.close()


def test_judging_a_pair_again_supersedes_whichever_side_comes_first(store: JudgementStore) -> None:
    first = judge(store, A, B, SAME)
    second = judge(store, B, A, DIFFERENT)
    assert store.current() == [second]
    superseded = store.find(first.id)
    assert superseded.withdrawn_by == "ann"
    assert superseded.withdrawn_why == f"judged again: {second.id}"


def test_a_withdrawn_judgement_is_kept_and_counts_no_more(store: JudgementStore) -> None:
    made = judge(store, A, B, DIFFERENT)
    kept = store.withdraw(made.id, "bob", "the two forms were mixed up")
    assert store.current() == []
    assert store.all() == [kept]
    assert (kept.withdrawn_by, kept.withdrawn_why) == ("bob", "the two forms were mixed up")
    with pytest.raises(InvalidInput, match="was withdrawn by bob"):
        store.withdraw(made.id, "ann", "again")
    with pytest.raises(NotFound, match="graphinv resolve judgements"):
        store.withdraw("0" * 16, "ann", "no such")


def test_a_past_day_sees_what_counted_then(store: JudgementStore) -> None:
    made = judge(store, A, B, SAME)
    gone = store.withdraw(made.id, "bob", "wrong")
    assert gone.withdrawn_at is not None
    assert [one.id for one in store.current(made.judged_at)] == [made.id]
    assert store.current(gone.withdrawn_at) == []
    assert store.current(datetime(2000, 1, 1, tzinfo=UTC)) == []


def test_a_different_that_contradicts_a_chain_of_sames_is_refused_and_names_them(store: JudgementStore) -> None:
    chain = [judge(store, A, B, SAME), judge(store, B, C, SAME)]
    with pytest.raises(InvalidInput, match="cannot be different") as refused:
        judge(store, A, C, DIFFERENT)
    assert all(one.id in str(refused.value) for one in chain)
    assert "A1" not in str(refused.value), "names of records hold importer numbers"
    store.withdraw(chain[0].id, "ann", "wrong")
    assert judge(store, A, C, DIFFERENT).current


def test_a_same_that_would_join_two_that_were_told_apart_is_refused_and_names_who_did(store: JudgementStore) -> None:
    apart = judge(store, A, D, DIFFERENT)
    judge(store, A, B, SAME)
    judge(store, C, D, SAME)
    with pytest.raises(InvalidInput, match=f"judgement {apart.id} \\(different, ann"):
        judge(store, B, C, SAME)
    assert len(store.all()) == 3


def test_a_same_that_says_what_others_say_together_is_no_contradiction(store: JudgementStore) -> None:
    judge(store, A, B, SAME)
    judge(store, B, C, SAME)
    judge(store, A, D, DIFFERENT)
    assert judge(store, A, C, SAME).current


def test_a_record_and_its_uid_are_one_side(store: JudgementStore) -> None:
    identities = {A: "importer:a", B: "importer:b"}
    first = store.judge(Decision(A, B, SAME, "ann", "one phone"), identities)
    second = store.judge(Decision("importer:b", "importer:a", DIFFERENT, "ann", "two phones"), identities)
    assert store.current() == [second]
    assert not store.find(first.id).current


def test_two_records_of_one_identity_cannot_be_judged(store: JudgementStore) -> None:
    with pytest.raises(InvalidInput, match="one identity"):
        store.judge(Decision(A, B, DIFFERENT, "ann", "why"), {A: "importer:a", B: "importer:a"})
    with pytest.raises(InvalidInput, match="about two"):
        Decision(A, A, SAME, "ann", "why")


@pytest.mark.parametrize("field", ["left", "right", "who", "why"])
def test_what_is_left_blank_is_named(field: str) -> None:
    given: dict[str, Any] = {"left": A, "right": B, "verdict": SAME, "who": "ann", "why": "because"}
    with pytest.raises(InvalidInput, match=f"^{field}: "):
        Decision(**{**given, field: " "})


def test_the_same_key_again_is_the_same_judgement(store: JudgementStore) -> None:
    made = judge(store, A, B, SAME, key="form-17")
    assert judge(store, A, B, SAME, key="form-17") == made
    assert store.all() == [made]
    with pytest.raises(InvalidInput, match="idempotency key"):
        judge(store, A, C, SAME, key="form-17")


def test_the_revision_tells_whether_conclusions_are_out_of_date(store: JudgementStore) -> None:
    empty = store.revision()
    made = judge(store, A, B, SAME)
    judged = store.revision()
    store.withdraw(made.id, "ann", "wrong")
    assert judged != empty == store.revision()


def test_of_two_contradicting_judgements_made_at_once_one_is_refused(store: JudgementStore) -> None:
    def at_once(decision: tuple[str, str, Verdict]) -> bool:
        try:
            judge(store, *decision)
        except InvalidInput:
            return False
        return True

    triangle = [(A, B, SAME), (B, C, SAME), (A, C, DIFFERENT)]
    with ThreadPoolExecutor(3) as threads:
        assert sum(threads.map(at_once, triangle)) == 2


RECORDS = pl.DataFrame(
    {"record_id": [A, "shipments:X#consignee", B, C], "uid": ["importer:a", "importer:a", "importer:b", "seller:c"]}
)


def test_pairs_are_told_by_uid_and_the_newest_judgement_of_a_pair_counts(store: JudgementStore) -> None:
    judge(store, B, "shipments:X#consignee", SAME)
    judge(store, "seller:c", A, SAME)
    judge(store, "importer:a", C, DIFFERENT)
    judge(store, A, "shipments:X#consignee", SAME)  # one identity by now
    judge(store, A, "importers:gone", SAME)
    assert pairs_of(store.current(), RECORDS).rows() == [
        ("importer:a", "importer:b", "same"),
        ("importer:a", "seller:c", "different"),
    ]
    assert pairs_of([], RECORDS).is_empty()


def test_of_pairs_judged_the_same_day_and_reason_are_told(store: JudgementStore) -> None:
    store.judge(Decision(A, B, SAME, "officer", "one signature"))
    store.judge(Decision(A, C, DIFFERENT, "officer", "two owners"))
    again = store.judge(Decision(B, A, SAME, "officer", "one owner"))
    told = judged_same(store.current(), RECORDS)
    assert told.rows() == [("importer:a", "importer:b", again.judged_at.date(), "one owner")]
    assert judged_same([], RECORDS).is_empty()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """One workspace for all examples of a property: opening one for each would take longer than judging."""
    found = open_workspace_folder(Settings(workspace=tmp_path_factory.mktemp("judged") / "workspace"))
    yield found
    found.close()


@given(
    told=st.lists(
        st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef"), st.sampled_from(Verdict)).filter(
            lambda told: told[0] != told[1]
        ),
        max_size=15,
    )
)
@settings(max_examples=50, deadline=None)
def test_whatever_is_judged_in_whatever_order_no_different_stands_within_a_group_of_sames(
    shared: Workspace, told: list[tuple[str, str, Verdict]]
) -> None:
    with shared.engine.begin() as connection:
        connection.execute(delete(JUDGEMENTS))
    store = JudgementStore(shared)
    for left, right, verdict in told:
        with suppress(InvalidInput):
            judge(store, left, right, verdict)
    groups = {name: {name} for name in "abcdef"}
    for one in store.current():
        if one.verdict is SAME:
            joined = groups[one.left] | groups[one.right]
            groups.update(dict.fromkeys(joined, joined))
    assert all(one.right not in groups[one.left] for one in store.current() if one.verdict is DIFFERENT)
