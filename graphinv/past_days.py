"""Indexes of past days made ahead of the questions: ``graphinv prepare-as-of``."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from graphinv.errors import InvalidInput, WorkspaceError
from graphinv.links.index import ROOM, size_of
from graphinv.opened import OpenedWorkspace, parse_as_of

#: Where it is told in GiB what indexes take.
_GIB = 2**30


@dataclass(frozen=True)
class ReadyDay:
    """A moment of which questions cost nothing now. ``how``: made, there before, or the current index answers;
    ``made_in``: the seconds that it took."""

    as_of: str
    how: str
    made_in: float | None = None


def prepare_days(opened: OpenedWorkspace, days: Sequence[str], tell: Callable[[str], None]) -> Iterator[ReadyDay]:
    """Have the indexes of some days made, each told as soon as it is there; they stay until ``forget_days``. Those that
    were to be ready before are looked at, too, and made anew where something came that belongs to them.

    Raises InvalidInput for a day that is not over or by which nothing was known, WorkspaceError where the disk has no
    room for them; nothing is made then.
    """
    wanted = _wanted(opened, days)
    past, index = opened.past_indexes, opened.index
    missing = [moment for moment in wanted if not past.is_now(moment, index) and not past.is_ready(moment)]
    _check_room(opened, len(missing))
    past.keep_ready({*wanted, *past.days})
    for moment in wanted:
        if moment in missing:
            tell(f"{_text(moment)}: making its index, {missing.index(moment) + 1} of {len(missing)}")
            made = past.index(moment, ahead=True)
            yield ReadyDay(_text(moment), "made", None if made is None else made.made_in)
        else:
            past.hold(moment)
            yield ReadyDay(_text(moment), "current" if past.is_now(moment, index) else "there")


def forget_days(opened: OpenedWorkspace, days: Sequence[str]) -> list[str]:
    """Let days, all if none is named, be ready no longer: which they were. Raises InvalidInput for one that was not."""
    past = opened.past_indexes
    there = past.days
    gone = [parse_as_of(day) for day in days] or there
    for moment in gone:
        if moment not in there:
            raise InvalidInput(f"{_text(moment)} is none of the days that are to be ready ({_listed(there)})")
    past.keep_ready([moment for moment in there if moment not in gone])
    return [_text(moment) for moment in gone]


def _wanted(opened: OpenedWorkspace, days: Sequence[str]) -> list[datetime]:
    """The days asked for and those before, sorted."""
    named = {parse_as_of(day) for day in days}
    for moment in sorted(named):
        if moment > datetime.now(UTC):
            raise InvalidInput(f"{_text(moment)} is not over yet: what comes until then belongs to it; ask once it is")
        if opened.past_indexes.is_ready(moment) is None:
            raise InvalidInput(f"{_text(moment)}: nothing was known by then; choose a later day")
    wanted = sorted({*named, *opened.past_indexes.days})
    if not wanted:
        raise InvalidInput("no day is to be ready yet; name some: graphinv prepare-as-of 2024-06-15 2024-06-16")
    return wanted


def _check_room(opened: OpenedWorkspace, count: int) -> None:
    folder = opened.folder.index
    size = size_of(folder / str(opened.index.meta.epoch))
    free = shutil.disk_usage(folder).free
    if count and free < (count + ROOM) * size:
        fit = max(free // max(size, 1) - ROOM, 0)
        raise WorkspaceError(
            f"{count} indexes of past days take up to {count * size / _GIB:.1f} GiB, and {ROOM * size / _GIB:.1f} are "
            f"left for loads; {free / _GIB:.1f} are free, enough for {fit}: name fewer days, or make room on the disk"
        )


def _text(moment: datetime) -> str:
    day = moment.date().isoformat()
    return day if parse_as_of(day) == moment else moment.isoformat()


def _listed(moments: Sequence[datetime]) -> str:
    return ", ".join(_text(moment) for moment in moments) or "there are none"
