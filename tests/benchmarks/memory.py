"""How much memory a process held at most."""

import resource
from pathlib import Path


def peak_mib() -> float:
    """Of this program alone: ``ru_maxrss`` counts what the parent held when it started us, too."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return float(line.split()[1]) / 1024
