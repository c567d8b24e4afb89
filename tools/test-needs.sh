#!/usr/bin/env bash
# Installs what the tests need beside Python packages: a Java and Maven for Neo4j, and Chromium for the pages.
# Where it may not install anything it says what is left out; those tests are then skipped (under CI=true they fail).
set -euo pipefail

has_java() {
  local java release
  for java in "${JAVA_HOME:-/nowhere}/bin/java" "$(command -v java || true)" /usr/lib/jvm/*/bin/java; do
    [ -x "$java" ] || continue
    release=$("$java" -version 2>&1 | sed -nE 's/.*version "([0-9]+).*/\1/p' | head -n 1)
    [ "${release:-0}" -ge 17 ] && return 0
  done
  return 1
}

has_chromium() {
  local name
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null && return 0
  done
  [ -x "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" ]
}

missing=()
has_chromium || missing+=(chromium)
has_java || missing+=(java)
command -v mvn >/dev/null || missing+=(maven)
[ ${#missing[@]} -eq 0 ] && exit 0

leave_out() {
  echo "Not installed: ${missing[*]} ($1). Tests that need them are skipped; install them to run all tests." >&2
  exit 0
}

command -v apt-get >/dev/null || leave_out "no apt-get on this system"
if [ "$(id -u)" -eq 0 ]; then
  as_root=(env DEBIAN_FRONTEND=noninteractive)
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
  as_root=(sudo -n env DEBIAN_FRONTEND=noninteractive)
else
  leave_out "neither root nor passwordless sudo"
fi

echo "Installing for the tests: ${missing[*]}"
"${as_root[@]}" apt-get update -qq || leave_out "apt-get update failed"
packages=()
for need in "${missing[@]}"; do
  if [ "$need" = java ]; then
    need=default-jre-headless
    apt-cache show openjdk-17-jre-headless >/dev/null 2>&1 && need=openjdk-17-jre-headless
  fi
  packages+=("$need")
done
"${as_root[@]}" apt-get install -qq -y --no-install-recommends "${packages[@]}" >/dev/null || leave_out "apt-get install failed"
