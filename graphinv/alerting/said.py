"""What people judged of who is who, as an alert tells it: by whom and when."""

from collections.abc import Mapping

from graphinv.record_parties import uids_of
from graphinv.resolve.judgements import JudgementStore, Verdict
from graphinv.workspace import Workspace

_WORDS = {Verdict.SAME: "judged the same", Verdict.DIFFERENT: "judged different"}


def judged_pairs(workspace: Workspace) -> Mapping[frozenset[str], str]:
    """What the judgements that count say of two identities; the newest of a pair."""
    judgements = JudgementStore(workspace).current()
    if not judgements:
        return {}
    uids = uids_of(workspace, (side for one in judgements for side in (one.left, one.right)))
    return {
        frozenset((uids.get(one.left, one.left), uids.get(one.right, one.right))): (
            f"{_WORDS[one.verdict]} by {one.who} on {one.judged_at:%Y-%m-%d}"
        )
        for one in judgements
    }
