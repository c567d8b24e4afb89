"""Run the web server: the API and the pages of one workspace."""

import os
import socket
import sys
from contextlib import closing

import uvicorn

from graphinv.errors import UsageError, WorkspaceError
from graphinv.kernels_ready import make_kernels_ready
from graphinv.settings import Settings

#: Seconds that a process may take to start before another one takes its place: on a busy machine loading alone takes
#: several, and uvicorn's own 5 would end it again and again.
START_WITHIN = 60

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def serve_workspace(settings: Settings, host: str, port: int, workers: int = 1) -> None:
    """Serve until interrupted, by so many processes side by side.

    They share the mapped index, and the embedded store that the first of them starts; each counts its own requests, for
    the metrics and for the rate limit. Kernels that nobody compiled yet are compiled before the first request. Raises
    UsageError for an open address without keys, WorkspaceError for a taken port.
    """
    if host not in _LOOPBACK and not settings.api_keys:
        raise UsageError(
            f"{host} can be reached by others and no keys are set; set GRAPHINV_API_KEYS to a comma-separated list, "
            "or listen on 127.0.0.1"
        )
    taken = _free_port(host, port)
    make_kernels_ready()  # before anybody is answered, and once for all workers
    sys.stderr.write(f"graphinv serves http://{host}:{taken}/ (Ctrl+C stops it)\n")
    os.environ["GRAPHINV_WORKSPACE"] = str(settings.workspace)
    uvicorn.run(
        "api.process:app_of_process",
        factory=True,
        host=host,
        port=taken,
        workers=workers,
        timeout_worker_healthcheck=START_WITHIN,
        access_log=False,
        log_level="warning",
    )


def _free_port(host: str, port: int) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise WorkspaceError(
                f"port {port} of {host} cannot be used ({error.strerror}); choose another with --port"
            ) from error
        found: int = probe.getsockname()[1]
        return found
