"""What a process of the server begins with: the app, made without searching for garbage among what stays anyway."""

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI


def app_of_process() -> "FastAPI":
    """The app of the workspace that GRAPHINV_WORKSPACE names: ``uvicorn --factory api.process:app_of_process``.

    All that is imported for it stays as long as the process: going through it again and again while it grows takes a
    sixth of the start, and each full search later would hold up an answer.
    """
    gc.disable()
    try:
        from api.app import app_from_environment  # here, since importing it is what takes long

        app = app_from_environment()
        gc.freeze()
    finally:
        gc.enable()
    return app
