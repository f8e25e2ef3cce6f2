#!/bin/sh
# Makes .venv from the pinned, hash-checked set. `sh requirements/setup.sh run|practice|test|bench`
# Says what it does; does nothing when nothing changed; needs the network the first time only.
set -eu
set_name=$1
cd "$(dirname "$0")/.."

python_ok() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; }

stamp=".venv/$set_name.stamp"
want=$(cat requirements/uv.txt "requirements/$set_name.txt" pyproject.toml requirements/setup.sh | cksum)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ] && python_ok .venv/bin/python; then exit 0; fi

python=""
for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
  if python_ok "$candidate"; then python=$candidate; break; fi
done
if [ -z "$python" ]; then
  echo "Sharedesk needs Python 3.11, 3.12 or 3.13; none was found. Install one, or name it: make PYTHON=/path/to/python3.12" >&2
  exit 1
fi

if ! python_ok .venv/bin/python; then
  echo "1/3  making .venv with $("$python" -c 'import platform; print("Python", platform.python_version())')"
  rm -rf .venv
  "$python" -m venv .venv || {
    echo "Python could not make a virtual environment. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
else
  echo "1/3  .venv is there"
fi
if ! .venv/bin/uv --version >/dev/null 2>&1; then
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
fi
echo "2/3  installing $(grep -c == "requirements/$set_name.txt") pinned packages, each checked against its hash"
# uv tells of each download as it goes; its list of every package at the end tells nobody anything.
{ .venv/bin/uv pip install --python .venv/bin/python --require-hashes --compile-bytecode -r "requirements/$set_name.txt" 2>&1 \
  || echo "The packages could not be installed: see above. The first set-up needs the network."; } |
  awk '/^ [-+~] /{next} {print "     " $0} /^The packages could not/{failed=1} END{exit failed}'
echo "3/3  installing the sharedesk command"
.venv/bin/uv pip install --python .venv/bin/python --quiet --no-deps --no-build-isolation --offline -e .
printf '%s' "$want" > "$stamp"
