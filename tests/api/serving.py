"""A running server over an app: the real thing on a loopback port, so that headers, bodies and threads are real too."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from fastapi import FastAPI

_PATIENCE_S = 60.0


@contextmanager
def serving(app: FastAPI, **headers: str) -> Iterator[httpx.Client]:
    """Serve an app while the block runs, from when its graph store was greeted; the client sends the headers with every
    request."""
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", access_log=False, ws="none")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        deadline = time.monotonic() + _PATIENCE_S
        while not server.started and thread.is_alive() and time.monotonic() < deadline:
            time.sleep(0.01)
        app.state.services.greeted.wait(_PATIENCE_S)
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=_PATIENCE_S) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(_PATIENCE_S)
