"""Indexes of past days: the epoch of then where it is still there, one that was made before, or a new one.

Two moments between which nothing became known have one index. An index that had to be made is kept in
``past/<what was known>/`` for every process: those of days that are to be ready (``past/days``), and the few others
that were asked for last.
"""

import logging
import os
import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from graphinv.drafts import draft_of
from graphinv.errors import WorkspaceBusy, WorkspaceError
from graphinv.file_lock import FileLock
from graphinv.kept import Versions
from graphinv.known import Known, known_by, last_status
from graphinv.links.index import (
    ROOM,
    UNREADABLE,
    LinkIndex,
    current_epoch,
    epochs,
    keep_current_epoch,
    open_epoch,
    open_index,
    read_meta,
    size_of,
)
from graphinv.resolve.judgements import JudgementStore
from graphinv.workspace import Workspace

_LOG = logging.getLogger(__name__)

#: Told before it is made, since the one who asks waits.
_COSTS = (
    "as_of: no index of what was known by %s is there, one is made from the records; that takes about as long as the "
    "last steps of a load, and `graphinv prepare-as-of` does it ahead of questions"
)

_FOLDER, _DAYS = "past", "days"
#: Indexes that stay on disk beside those of days that are to be ready, each about as large as an epoch; the one that
#: nobody asked for longest goes first. Fewer stay where the disk has no ``ROOM``.
KEPT = 4
#: After a load so many more have to fit on the disk, or some go: less than ``ROOM``, since epochs go first.
_LEFT = 2
#: Opened ones are memory-mapped and cost little memory; one that was removed gives its space back once it is closed.
_OPENED = 8
#: So many threads wait for an index that is being made; more are told to come again, since others want to be answered.
_WAITING = 6
_PATIENCE_S = 3600.0
#: Moments of which it is remembered what was known by then, until something changes.
_REMEMBERED = 100


@dataclass(frozen=True)
class PastIndex:
    """An index of a past day; ``made_in`` are the seconds that it took where it had to be made for this question."""

    index: LinkIndex
    made_in: float | None = None

    def made_note(self, moment: datetime) -> str:
        """What the question that it was made for is told of that."""
        return (
            f"as_of: no index of what was known by {moment.date()} was there, so one was made from the records for "
            f"this answer, in {self.made_in or 0.0:.1f} s; further questions as of then find it"
        )


@dataclass(frozen=True)
class _Opened:
    """An opened index and the folder that it lies in."""

    folder: Path
    index: LinkIndex


#: Makes the index of a moment in a folder, False when nothing was known by then.
Make = Callable[[Workspace, datetime, Path], bool]


def forget_past(workspace: Workspace) -> None:
    """Have the indexes of past days made anew, and those of epochs, too; which are to be ready is kept."""
    for made in _folders(workspace.root / _FOLDER):
        shutil.rmtree(made, ignore_errors=True)
    keep_current_epoch(workspace.index)


def _folders(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_dir()] if folder.exists() else []


class PastIndexes:
    """The indexes of past days of one workspace. Threads may share one; processes share what is on disk."""

    def __init__(self, workspace: Workspace, make: Make) -> None:
        self._workspace = workspace
        self._folder = workspace.root / _FOLDER
        self._make = make
        self._opened: OrderedDict[str, _Opened] = OrderedDict()
        self._remembered: dict[datetime, tuple[object, Known | None]] = {}
        self._statuses: tuple[object, datetime | None] | None = None
        self._lock = threading.Lock()
        self._making = threading.Lock()
        self._waiting = threading.BoundedSemaphore(_WAITING)

    def index(self, moment: datetime, *, ahead: bool = False) -> PastIndex | None:
        """The index of what was known by a moment, made at the first question; None when nothing was known by then.

        It is made by one thread of one process at a time, and before it begins the log says so, unless that happens
        ``ahead`` of questions. Raises WorkspaceBusy while too many wait for that.
        """
        known = self._known(moment)
        if known is None:
            return None
        found = self._kept(known)
        if found is not None:
            return PastIndex(found)
        with self._alone():
            found = self._kept(known)  # another thread or process may have made it meanwhile
            if found is not None:
                return PastIndex(found)
            if not ahead:
                _LOG.warning(_COSTS, moment.date())
            return self._made(known, moment)

    def is_ready(self, moment: datetime) -> bool | None:
        """Whether a question as of a moment finds its index; None when nothing was known by then."""
        known = self._known(moment)
        return None if known is None else self._kept(known) is not None

    @property
    def days(self) -> list[datetime]:
        """The moments, mostly ends of days, whose indexes are to be ready and stay while the disk has room."""
        try:
            return [datetime.fromisoformat(line) for line in (self._folder / _DAYS).read_text().split()]
        except FileNotFoundError:
            return []

    def keep_ready(self, moments: Collection[datetime]) -> None:
        """Let the indexes of these moments, once made, stay beside those that were asked for last, and no others."""
        with draft_of(self._folder / _DAYS) as draft:
            draft.write_text("".join(f"{moment.isoformat()}\n" for moment in sorted(moments)))

    def hold(self, moment: datetime) -> None:
        """Have the epoch that a question as of a moment finds stay when loads remove it: its files get a second name,
        which takes no space. Where the disk gives none, it goes as others do."""
        known = self._known(moment)
        found = None if known is None else self._epoch_of(known)
        if known is None or found is None or (self._folder / known.digest).exists():
            return
        with self._alone(), suppress(OSError), Versions(self._folder / known.digest).writing(1) as draft:
            shutil.copytree(found.folder, draft, copy_function=os.link, dirs_exist_ok=True)

    def is_now(self, moment: datetime, index: LinkIndex) -> bool:
        """Whether a current index holds nothing that became known after a moment: no record, no judgement, and no
        status of a later day than its row."""
        if moment < index.meta.clock or JudgementStore(self._workspace).revision(moment) != index.meta.judged:
            return False
        last = self._told_by()
        return last is None or last <= moment

    def _told_by(self) -> datetime | None:
        """``last_status``, read again only after something came."""
        stamp, before = self._workspace.commits.stamp(), self._statuses
        if before is None or stamp is None or before[0] != stamp:
            before = self._statuses = stamp, last_status(self._workspace)
        return before[1]

    def _known(self, moment: datetime) -> Known | None:
        """``known_by``, told again from memory while no record, judgement or epoch came."""
        stamp = self._workspace.commits.stamp(), current_epoch(self._workspace.index)
        before = self._remembered.get(moment)
        if before is not None and before[0] == stamp and stamp[0] is not None:
            return before[1]
        known = known_by(self._workspace, moment)
        with self._lock:
            while len(self._remembered) >= _REMEMBERED:
                self._remembered.pop(next(iter(self._remembered)))
            self._remembered[moment] = stamp, known
        return known

    def _kept(self, known: Known) -> LinkIndex | None:
        key = known.digest
        with self._lock:
            if key not in self._opened:
                found = self._epoch_of(known) or self._on_disk(key)
                if found is None:
                    return None
                self._close_removed()
                self._opened[key] = found
            self._opened.move_to_end(key)
            with suppress(OSError):  # an epoch has no folder here
                os.utime(self._folder / key, ns=(time.time_ns(), time.time_ns()))  # the file system's own are coarse
            while len(self._opened) > _OPENED:
                self._opened.popitem(last=False)
            return self._opened[key].index

    def _close_removed(self) -> None:
        for key in [key for key, one in self._opened.items() if not one.folder.exists()]:
            del self._opened[key]

    def _epoch_of(self, known: Known) -> "_Opened | None":
        """The epoch that holds these records and no others: what look-ups answered from at that time."""
        folder = self._workspace.index
        for epoch in epochs(folder):
            try:
                held = read_meta(folder, epoch).held
                if held is not None and held.digest == known.digest:
                    return _Opened(folder / str(epoch), open_epoch(folder, epoch))
            except UNREADABLE:
                continue  # it is of another version, or a load removed it just now
        return None

    def _on_disk(self, key: str) -> "_Opened | None":
        try:
            found = open_index(self._folder / key)
        except UNREADABLE:
            return None
        meta = replace(found.meta, epoch=current_epoch(self._workspace.index) or 0)
        return _Opened(self._folder / key, replace(found, meta=meta))

    def _made(self, known: Known, moment: datetime) -> PastIndex | None:
        began, key = time.perf_counter(), known.digest
        draft = self._folder / f".{key}"
        shutil.rmtree(draft, ignore_errors=True)
        if not self._make(self._workspace, moment, draft):
            return None
        try:
            shutil.rmtree(self._folder / key, ignore_errors=True)
            draft.replace(self._folder / key)
            self._drop_old(key, ROOM * size_of(self._folder / key))
        except FileNotFoundError as error:  # `forget_past` came between
            raise WorkspaceBusy("the workspace was rebuilt while an index of a past day was made; ask again") from error
        found = self._kept(known)
        if found is None:
            raise WorkspaceError(f"the index as of {known.newest.isoformat()} was made and cannot be read")
        return PastIndex(found, time.perf_counter() - began)

    def make_room(self) -> None:
        """Remove what the disk has no place for: called after a load, which let go of its own past epochs first."""
        epoch = current_epoch(self._workspace.index)
        if epoch is not None and _folders(self._folder):
            self._drop_old("", _LEFT * size_of(self._workspace.index / str(epoch)))

    def _drop_old(self, newest: str, room: int) -> None:
        """Remove what was asked for longest ago, and last what is to be ready, beyond ``KEPT`` or while less than
        ``room`` is free."""
        ready = {known.digest for moment in self.days if (known := self._known(moment)) is not None}
        made = [path for path in _folders(self._folder) if path.name != newest]
        made.sort(key=lambda path: (path.name in ready, path.stat().st_mtime_ns), reverse=True)
        others = sum(path.name not in ready for path in made) + (newest not in {"", *ready})
        while made and (others > KEPT or shutil.disk_usage(self._folder).free < room):
            gone = made.pop()
            others -= gone.name not in ready
            shutil.rmtree(gone, ignore_errors=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._waiting.acquire(blocking=False):
            raise WorkspaceBusy("indexes of past days are being made, and others wait for them; ask again in a minute")
        try:
            with self._making:
                lock = FileLock(self._workspace.root / "keys" / "past.lock")
                if not lock.acquire(_PATIENCE_S):
                    raise WorkspaceBusy("another process has been making indexes of past days for an hour")
                try:
                    yield
                finally:
                    lock.release()
        finally:
            self._waiting.release()
