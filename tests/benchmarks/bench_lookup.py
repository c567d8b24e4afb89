"""How fast a look-up answers: in process, over HTTP, and beside networkx on the same graph.

    python -m tests.benchmarks.bench_lookup [--size large] [--queries 1000] [--workers 2] [--seconds 20] [--loading]
        [--folder DIR]

A world is invented, recorded and indexed in a temporary folder (the graph store is not needed for look-ups), or in the
one that ``--folder`` names: it is kept, and asked again by the next run instead of being made anew. Asked are
consignees of shipments of another world: parties that nobody has seen, whose values are partly on record. networkx
gets the same weighted evidence graph with one more node that is joined to every seized party, and the same virtual
node for the question; it answers with ``bidirectional_dijkstra``, its fastest weighted single-pair search. At the end
new worlds are loaded into the same workspace beside the batches, one after the other, and the server goes over to each
new epoch; half as many parties then suffice. A kept folder is loaded into only with ``--loading``.

In process three times: straight after opening while the pages of the index lie on disk (they are given up first, so
that every run finds them there), while ``warm`` reads them ahead, and after that, which is what the bounds hold for.
The kernels are loaded before, since they are not what is measured.
"""

import argparse
import gc
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from itertools import count
from pathlib import Path
from typing import TypeVar

import httpx
import networkx as nx
import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.ingest import checked_rows
from graphinv.links.clues import read_clues
from graphinv.links.index import LinkIndex, current_epoch
from graphinv.links.kernels import UNREACHABLE
from graphinv.links.lookup import starts_of
from graphinv.links.question import LookupRequest, PartyQuestion
from graphinv.links.walks import Start, find_walks
from graphinv.opened import OpenedWorkspace
from graphinv.prepared import prepared_records
from graphinv.screening import question_of
from graphinv.serving import START_WITHIN
from graphinv.settings import Settings
from graphinv.worlds import write_world
from tests.benchmarks.bounds import end_with
from tests.benchmarks.indexed import index_records, model_of, recorded
from tests.benchmarks.memory import peak_mib

T = TypeVar("T")

#: What an answer may take in process and over HTTP, and how much faster than networkx it must be.
IN_PROCESS_P50_MS, IN_PROCESS_P99_MS = 3.0, 15.0
P50_MS, P99_MS, TIMES_FASTER = 10.0, 50.0, 20.0
#: Parties a second in batches over HTTP, sustained (while a load runs: half of it), and seconds until a server answers.
PARTIES_PER_S, START_S = 420.0, 2.0
_BATCH, _CLIENTS = 50, 4

#: The questions that the bounds in process hold for.
_WARM = "look-up in process, after warm"

#: The world that nobody in the index has seen: it asks half of the questions, and taught the score.
_OTHER = "other"

#: networkx knows no bound on the edges of a path, so ours gets one that never binds.
MOST_EDGES = 1000


def main() -> None:
    """Print the table; ends with status 1 when a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", default="large", help="size of the world (large: 300,000 importers)")
    parser.add_argument("--queries", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=2, help="processes of the server for batches")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long batches are sent")
    parser.add_argument("--loading", action="store_true", help="load beside batches, also in a kept folder")
    parser.add_argument("--folder", type=Path, help="make the workspace here and keep it; one that is there is asked")
    parser.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.make:
        make(arguments.make, arguments.size)
        return
    with tempfile.TemporaryDirectory() if arguments.folder is None else nullcontext(arguments.folder) as place:
        folder = Path(place)
        settings = _indexed(folder, arguments.size)
        questions = _questions(settings, folder, arguments.queries)
        in_process = _in_process(settings, questions)
        over_http, started = _over_http(settings.workspace, questions)
        sustained = _in_batches(settings.workspace, questions, arguments.workers, arguments.seconds)
        with OpenedWorkspace(settings) as opened:
            theirs, ours = _beside_networkx(opened.index, opened.folder.hash_key, questions[:200])
        beside_load = None
        if arguments.loading or arguments.folder is None:
            with _loading(folder):
                beside_load = _in_batches(settings.workspace, questions, arguments.workers, arguments.seconds)
    for name, times in in_process.items():
        _print(name, times)
    _print("look-up over HTTP", over_http)
    _print("best path, graphinv", ours)
    _print("best path, networkx", theirs)
    faster = float(np.median(theirs) / np.median(ours))
    print(f"the same best path: {faster:,.0f} times faster than networkx (medians)")
    batches = f"batches of {_BATCH} by {arguments.workers} processes"
    print(f"{batches}: {sustained:,.0f} parties a second")
    bounds = {
        f"in process p50 at most {IN_PROCESS_P50_MS} ms": np.median(in_process[_WARM]) <= IN_PROCESS_P50_MS,
        f"in process p99 at most {IN_PROCESS_P99_MS} ms": np.quantile(in_process[_WARM], 0.99) <= IN_PROCESS_P99_MS,
        f"over HTTP p50 below {P50_MS} ms": np.median(over_http) < P50_MS,
        f"over HTTP p99 below {P99_MS} ms": np.quantile(over_http, 0.99) < P99_MS,
        f"{TIMES_FASTER:.0f} times networkx": faster >= TIMES_FASTER,
        f"a server answers within {START_S} s": started < START_S,
        f"{PARTIES_PER_S:.0f} parties a second": sustained >= PARTIES_PER_S,
    }
    if beside_load is not None:
        print(f"{batches}: {beside_load:,.0f} parties a second while a load runs")
        bounds[f"{PARTIES_PER_S / 2:.0f} parties a second while a load runs"] = beside_load >= PARTIES_PER_S / 2
    end_with((name, bool(held)) for name, held in bounds.items())


def _indexed(folder: Path, size: str) -> Settings:
    """Of a workspace with a world's index, made by another process: what that held does not count as ours."""
    if not (folder / "workspace" / "index" / "CURRENT").exists():
        subprocess.run([sys.executable, "-m", __spec__.name, "--size", size, "--make", str(folder)], check=True)
    return Settings(workspace=folder / "workspace")


def make(folder: Path, size: str) -> None:
    """Make the workspace; its score was learned in another, small world (``_OTHER``)."""
    write_world(folder / _OTHER, "small", seed=8)
    learning = recorded(folder / "learning", folder / _OTHER)
    model = model_of(learning)
    learning.close()
    write_world(folder / "world", size, seed=7)
    with recorded(folder / "workspace", folder / "world") as opened:
        prepared_records(opened.folder)
        began = time.perf_counter()
        index_records(opened, model)
    print(f"index built from records in {time.perf_counter() - began:.1f} s, peak {peak_mib():,.0f} MiB", flush=True)


def _questions(settings: Settings, folder: Path, count: int) -> list[PartyQuestion]:
    """Half consignees of the world's own last month, half of a world that the index has never seen."""
    files = [sorted(source.glob("shipments-*"))[-1] for source in (folder / "world", folder / _OTHER)]
    questions: list[PartyQuestion] = []
    with OpenedWorkspace(settings) as opened:
        for file in files:
            rows = pl.concat(piece.accepted for piece in checked_rows([file], "shipments", opened.folder.hash_key))
            sample = rows.sample(min(count // 2, len(rows)), seed=1)
            questions.extend(question_of(row) for row in sample.iter_rows(named=True))
        graph = opened.index.graph
        print(f"{len(graph.nodes):,} nodes, {len(graph.edges):,} relationships, {len(questions):,} questions")
    return questions


def _in_process(settings: Settings, questions: list[PartyQuestion]) -> dict[str, NDArray[np.float64]]:
    """Milliseconds a question: while the index lies on disk, while that is read ahead, and after."""
    requests = [LookupRequest(queries={"k": question}) for question in questions]
    with OpenedWorkspace(settings) as opened:  # loads the kernels
        _timed(opened.lookup, requests[:20])
    _give_up_pages(settings)
    with OpenedWorkspace(settings) as opened:
        taken = {"straight after opening, pages on disk": _timed(opened.lookup, requests)}
    _give_up_pages(settings)
    with OpenedWorkspace(settings) as opened:
        taken["while warm reads ahead"] = _while_warming(opened, requests)
        began = time.process_time()
        taken[_WARM] = _timed(opened.lookup, requests)
        used = (time.process_time() - began) / max(len(requests), 1) * 1000
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"{used:.2f} ms of a processor a question; load average {load} on {os.cpu_count()} processors")
    return taken


def _while_warming(opened: OpenedWorkspace, requests: list[LookupRequest]) -> NDArray[np.float64]:
    began = time.perf_counter()
    ahead = opened.warm()
    answers = time.perf_counter() - began
    taken: list[float] = []
    while ahead.reading and len(taken) < len(requests):
        taken.extend(_timed(opened.lookup, requests[len(taken) : len(taken) + 1]))
    ahead.wait()
    whole = time.perf_counter() - began
    print(f"warm: first answer after {answers:.2f} s, all read ahead after {whole:.2f} s, {len(taken)} asked meanwhile")
    return np.array(taken)


def _give_up_pages(settings: Settings) -> None:
    """Have the index on disk alone: the system gives up pages of files that nobody has mapped."""
    gc.collect()  # the workspaces that had them mapped
    with OpenedWorkspace(settings) as opened:
        folder = opened.folder.index
    for path in (folder / str(current_epoch(folder))).rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())  # what was just written is kept until it is on disk
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _over_http(workspace: Path, questions: list[PartyQuestion]) -> tuple[NDArray[np.float64], float]:
    """Milliseconds a single question, and seconds until the server answered first."""
    bodies = [LookupRequest(queries={"k": question}).model_dump_json().encode() for question in questions]
    with _served(workspace) as (address, started), httpx.Client(base_url=address, timeout=60) as client:

        def ask(body: bytes) -> None:
            client.post(
                "/v1/links/lookup", content=body, headers={"content-type": "application/json"}
            ).raise_for_status()

        for body in bodies[:20]:
            ask(body)
        return _timed(ask, bodies), started


def _in_batches(workspace: Path, questions: list[PartyQuestion], workers: int, seconds: float) -> float:
    """Parties a second that several clients get answered, all sending batch after batch."""
    batches = [questions[at : at + _BATCH] for at in range(0, len(questions) - _BATCH + 1, _BATCH)]
    bodies = [
        LookupRequest(queries={str(at): one for at, one in enumerate(batch)}).model_dump_json().encode()
        for batch in batches
    ]
    with _served(workspace, workers) as (address, _), ThreadPoolExecutor(_CLIENTS) as clients:

        def ask_on(client: int, until: float) -> int:
            answered = 0
            with httpx.Client(base_url=address, timeout=60) as http:
                while time.perf_counter() < until:
                    body = bodies[(client + answered) % len(bodies)]
                    http.post(
                        "/v1/links/lookup", content=body, headers={"content-type": "application/json"}
                    ).raise_for_status()
                    answered += 1
            return answered

        list(clients.map(lambda client: ask_on(client, time.perf_counter() + 3.0), range(_CLIENTS)))  # to warm up
        began = time.perf_counter()
        answered = sum(clients.map(lambda client: ask_on(client, began + seconds), range(_CLIENTS)))
        return answered * _BATCH / (time.perf_counter() - began)


@contextmanager
def _loading(folder: Path) -> Iterator[None]:
    """Another process that loads new feeds into the workspace which is asked, one world after the other."""
    load = "from tests.benchmarks.bench_lookup import load_on"
    code = f"import sys; from pathlib import Path; {load}; load_on(Path(sys.argv[1]))"
    loader = subprocess.Popen([sys.executable, "-c", code, str(folder)])
    try:
        yield
        if loader.poll() is not None:
            raise SystemExit("the load beside the look-ups broke off")
    finally:
        loader.terminate()
        loader.wait(20)


def load_on(folder: Path) -> None:
    """Record another small world and bring the index up to date, again and again, until the process is ended."""
    for seed in count(100):
        with tempfile.TemporaryDirectory(dir=folder) as feeds:
            write_world(Path(feeds) / "world", "small", seed)
            opened = recorded(folder / "workspace", Path(feeds) / "world")
            meta = index_records(opened)
            opened.close()
            print(f"loaded 40,000 shipments more: epoch {meta.epoch}", flush=True)


@contextmanager
def _served(workspace: Path, workers: int = 1) -> Iterator[tuple[str, float]]:
    """A server's address, and the seconds until it answered."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "GRAPHINV_WORKSPACE": str(workspace)}
    command = [sys.executable, "-m", "uvicorn", "--factory", "api.process:app_of_process", "--port", str(port)]
    command += ["--workers", str(workers), "--timeout-worker-healthcheck", str(START_WITHIN)]
    began = time.perf_counter()
    server = subprocess.Popen([*command, "--log-level", "warning", "--no-access-log"], env=environment)
    try:
        while True:
            try:
                httpx.get(f"http://127.0.0.1:{port}/v1/health").raise_for_status()
                break
            except httpx.HTTPError:
                if time.perf_counter() - began > 60:
                    raise
                time.sleep(0.02)
        started = time.perf_counter() - began
        print(f"server answers {started:.2f} s after its start")
        yield f"http://127.0.0.1:{port}", started
    finally:
        server.terminate()
        server.wait(20)


def _beside_networkx(
    index: LinkIndex, hash_key: bytes, questions: list[PartyQuestion]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Milliseconds per best path, theirs and ours; both must find the same cost."""
    network = _as_networkx(index)
    theirs: list[float] = []
    ours: list[float] = []
    for question in questions:
        starts = starts_of(index, question, read_clues(question, hash_key))
        if not starts:
            continue
        began = time.perf_counter()
        network.add_weighted_edges_from(("asked", start.node, start.cost) for start in _cheapest(starts))
        try:
            cost, _ = nx.bidirectional_dijkstra(network, "asked", "seized")
        except nx.NetworkXNoPath:
            cost = None
        network.remove_node("asked")
        theirs.append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        found = find_walks(index, starts, 1, MOST_EDGES, weakest=0.0).walks
        ours.append((time.perf_counter() - began) * 1000)
        if (found[0].cost if found else None) != cost:
            raise SystemExit(f"networkx finds a path of {cost}, graphinv {found[0].cost if found else None}")
    return np.array(theirs), np.array(ours)


def _cheapest(starts: list[Start]) -> list[Start]:
    """One start a node: networkx keeps the last of several edges between two nodes."""
    return list({start.node: start for start in sorted(starts, key=lambda start: -start.cost)}.values())


def _as_networkx(index: LinkIndex) -> "nx.Graph[object]":
    graph = index.graph
    tail = np.repeat(np.arange(len(graph.users)), np.diff(graph.ptr))
    order = np.lexsort((graph.weight, graph.adj, tail))[::-1]  # of parallel edges the lightest is added last
    network: nx.Graph[object] = nx.Graph()
    network.add_weighted_edges_from(
        zip(tail[order].tolist(), graph.adj[order].tolist(), graph.weight[order].tolist(), strict=True)
    )
    seeds = np.flatnonzero(graph.seed_cost != UNREACHABLE)
    network.add_weighted_edges_from(("seized", int(node), int(graph.seed_cost[node])) for node in seeds)
    return network


def _timed(work: Callable[[T], object], items: list[T]) -> NDArray[np.float64]:
    times = np.empty(len(items))
    for at, item in enumerate(items):
        began = time.perf_counter()
        work(item)
        times[at] = (time.perf_counter() - began) * 1000
    return times


def _print(name: str, times: NDArray[np.float64]) -> None:
    if not len(times):
        print(f"{name:<37} no question was asked")
        return
    p50, p90, p99 = np.quantile(times, [0.5, 0.9, 0.99])
    print(f"{name:<37} p50 {p50:9.3f} ms   p90 {p90:9.3f} ms   p99 {p99:9.3f} ms   max {times.max():9.3f} ms")


if __name__ == "__main__":
    main()
