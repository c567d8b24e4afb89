"""A real Neo4j Community server for the tests, from its Maven packages, that ends with the test run however that ends.

Run as a script this file is the supervisor: it starts the Java process, and ends it when standard input closes.
"""

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

SUPPORTED = "5.26.30"
#: Users run the calendar line as well; it needs a newer Java.
CALENDAR = "2026.08.1"

CACHE = Path(__file__).resolve().parent.parent / ".cache" / "neo4j"
_MAIN = {SUPPORTED: "org.neo4j.server.CommunityEntryPoint", CALENDAR: "org.neo4j.server.Neo4jCommunity"}
_JAVA_NEEDED = {SUPPORTED: 17, CALENDAR: 21}
_START_WAIT_S = 120.0
_STOP_WAIT_S = 20.0

_POM = """\
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>graphinv.tests</groupId><artifactId>neo4j</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.neo4j</groupId><artifactId>neo4j</artifactId><version>{version}</version></dependency>
  </dependencies>
</project>
"""

#: Loopback only, small, quick to stop, and without the two ways in which a query could read files or call out.
_CONF = """\
server.default_listen_address=127.0.0.1
server.bolt.listen_address=127.0.0.1:{port}
server.bolt.advertised_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
server.memory.pagecache.size={page_cache}
dbms.usage_report.enabled=false
db.tx_log.preallocate=false
internal.dbms.bolt.netty_server_shutdown_quiet_period=0
dbms.security.allow_csv_import_from_file_urls=false
internal.dbms.cypher_ip_blocklist=0.0.0.0/0,::/0
db.transaction.timeout=30s
db.memory.transaction.max=128m
dbms.memory.transaction.total.max=256m
"""


@dataclass(frozen=True)
class Room:
    """What a server is given: memory for pages, and what Java is started with."""

    page_cache: str
    java: tuple[str, ...]


#: A server of some minutes does not earn back what the second compiler costs.
SMALL = Room("128m", ("-XX:TieredStopAtLevel=1", "-Xms128m", "-Xmx512m", "-XX:+UseSerialGC"))

#: What a graph of ten million relationships is served from memory with, by compiled code.
ROOMY = Room("2g", ("-Xms2g", "-Xmx4g", "-XX:+UseParallelGC"))


class CannotRun(Exception):
    """Something that a Neo4j server needs is missing on this machine; the message says what."""


@dataclass(frozen=True)
class Neo4jServer:
    """A running server; ``stop`` it."""

    uri: str
    password: str = field(repr=False)
    supervisor: "subprocess.Popen[str]" = field(repr=False)
    user: str = "neo4j"

    def stop(self) -> None:
        """End the server and remove its files."""
        if self.supervisor.stdin is not None:
            self.supervisor.stdin.close()
        self.supervisor.wait(_STOP_WAIT_S + 10)
        if self.supervisor.stdout is not None:
            self.supervisor.stdout.close()


def start(version: str = SUPPORTED, room: Room = SMALL) -> Neo4jServer:
    """Start a server with an empty database on a free loopback port; CannotRun when this machine cannot."""
    java = find_java(_JAVA_NEEDED[version])
    libraries = _libraries(version)
    home = Path(tempfile.mkdtemp(prefix="graphinv-neo4j-"))
    password, port = secrets.token_hex(16), _free_port()
    (home / "conf").mkdir()
    (home / "conf" / "neo4j.conf").write_text(_CONF.format(port=port, page_cache=room.page_cache), encoding="utf-8")
    order = {"home": str(home), "password": password, "java": java, "libraries": str(libraries), "main": _MAIN[version]}
    order["options"] = " ".join(room.java)
    supervisor = subprocess.Popen(
        [sys.executable, str(Path(__file__).resolve())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    server = Neo4jServer(f"bolt://127.0.0.1:{port}", password, supervisor)
    _order(supervisor, order)
    _wait_until_it_answers(server, home, port)
    return server


def find_java(needed: int) -> str:
    """The path of a Java of at least that release; CannotRun when there is none."""
    homes = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    installed = [str(home / "bin" / "java") for home in (*homes, *sorted(Path("/usr/lib/jvm").glob("*")))]
    for java in (shutil.which("java") or "", *installed):
        if java and Path(java).exists() and java_release(java) >= needed:
            return java
    raise CannotRun(f"no Java {needed} or newer: install a Java runtime or set JAVA_HOME")


def java_release(java: str) -> int:
    """The release number of a Java, such as 17; 0 when it does not tell."""
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', told)
    return int(found[1]) if found else 0


def _libraries(version: str) -> Path:
    """The folder with the server's jars, fetched once by Maven."""
    from graphinv.file_lock import FileLock

    folder = CACHE / version
    lock = FileLock(CACHE / f"{version}.lock")
    if not lock.acquire(wait_s=600):
        raise CannotRun(f"another process has been fetching Neo4j {version} for ten minutes")
    try:
        if not (folder / "complete").exists():
            _fetch(version, folder)
    finally:
        lock.release()
    return folder


def _fetch(version: str, folder: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise CannotRun("no Maven (mvn), which fetches Neo4j's packages: install it")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "pom.xml").write_text(_POM.format(version=version), encoding="utf-8")
    goal = ["dependency:copy-dependencies", f"-DoutputDirectory={folder}", "-DincludeScope=runtime"]
    run = subprocess.run(
        [maven, "-q", "-B", "-f", str(folder / "pom.xml"), *goal], capture_output=True, text=True, check=False
    )
    if run.returncode:
        told = (run.stdout + run.stderr).strip().splitlines() or ["no message"]
        raise CannotRun(f"Maven cannot fetch Neo4j {version}: {told[0]}")
    (folder / "complete").touch()


def _order(supervisor: "subprocess.Popen[str]", order: dict[str, str]) -> None:
    assert supervisor.stdin is not None
    supervisor.stdin.write(json.dumps(order) + "\n")
    supervisor.stdin.flush()


def _wait_until_it_answers(server: Neo4jServer, home: Path, port: int) -> None:
    from neo4j import GraphDatabase
    from neo4j.exceptions import DriverError, Neo4jError

    deadline = time.monotonic() + _START_WAIT_S
    while True:
        ended = server.supervisor.poll() is not None
        if ended or time.monotonic() > deadline:
            tail = _tail(home)
            server.stop()
            raise CannotRun(f"Neo4j {'ended' if ended else 'does not answer'} on port {port}: {tail}")
        if _listens(port):
            with GraphDatabase.driver(server.uri, auth=(server.user, server.password)) as driver:
                try:
                    driver.execute_query("RETURN 1", database_="neo4j")
                    return
                except (DriverError, Neo4jError):  # still starting
                    pass
        time.sleep(0.1)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _tail(home: Path) -> str:
    log = home / "console.log"
    return " | ".join(log.read_text(encoding="utf-8").splitlines()[-3:]) if log.exists() else "no log"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def supervise() -> None:
    """Run the server until standard input closes, then end it and remove its files."""
    order = json.loads(sys.stdin.readline())
    home = Path(order["home"])
    environment = {**os.environ, "NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")}
    classes = ["-cp", f"{order['libraries']}/*"]
    admin = ["org.neo4j.server.startup.Neo4jAdminCommand", "dbms", "set-initial-password", order["password"]]
    opened = [f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in ("java.nio", "java.io", "sun.nio.ch")]
    options = [*order["options"].split(), *opened, "-Dlog4j2.disable.jmx=true"]
    places = [f"--home-dir={home}", f"--config-dir={home / 'conf'}"]
    try:
        with (home / "console.log").open("w", encoding="utf-8") as log:
            quick = [order["java"], "-XX:TieredStopAtLevel=1", *classes, *admin]
            subprocess.run(quick, env=environment, stdout=log, stderr=log, check=True)
            server = subprocess.Popen(
                [order["java"], *options, *classes, order["main"], *places],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
            _until_parent_goes(server)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _until_parent_goes(server: "subprocess.Popen[bytes]") -> None:
    try:
        sys.stdin.read()
    finally:
        server.terminate()
        try:
            server.wait(_STOP_WAIT_S)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


if __name__ == "__main__":
    supervise()
