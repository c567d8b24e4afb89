#!/usr/bin/env bash
# Prints the path of a Python that graphinv runs on and that can make virtual environments.
set -euo pipefail

usable='import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))'
for name in python3.13 python3.12 python3.14 python3.11 python3 python; do
  path=$(command -v "$name") || continue
  if "$path" -c "$usable" 2>/dev/null; then
    echo "$path"
    exit 0
  fi
done
echo "No Python 3.11 to 3.14 with venv was found: install one (on Debian: apt-get install python3 python3-venv)." >&2
exit 1
