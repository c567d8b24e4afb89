"""The soak test takes long, so it is collected only where GRAPHINV_SOAK_KILLS says how often to kill."""

import os

collect_ignore_glob = [] if os.environ.get("GRAPHINV_SOAK_KILLS") else ["test_*.py"]
