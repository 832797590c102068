# Make or renew .venv from a hash-pinned list: `sh .ci/venv.sh backend/requirements.txt`. Does nothing when it is fresh.
# The lists for running and for developing are both kept; the second holds the first.
set -eu
list=$1
venv=$PWD/.venv
stamp=$venv/.installed-$(basename "$list" .txt)

find_python() {
    for name in python3 python3.14 python3.13 python3.12 python3.11 python; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            command -v "$name"
            return
        fi
    done
    echo "Ruleyard needs Python 3.11 or newer, and there is none on PATH. Install it and try again." >&2
    exit 1
}

wanted() {
    { cat "$list" backend/pyproject.toml; echo "$PWD"; "$venv/bin/python" -VV; } | cksum
}

if [ -x "$venv/bin/python" ] && "$venv/bin/python" -c '' >/dev/null 2>&1; then
    [ "$(cat "$stamp" 2>/dev/null)" = "$(wanted)" ] && exit 0
    # The developer's list includes what running needs.
    if [ "$list" = backend/requirements.txt ] && [ -f "$venv/.installed-requirements-dev" ]; then
        list=backend/requirements-dev.txt
        stamp=$venv/.installed-requirements-dev
        [ "$(cat "$stamp")" = "$(wanted)" ] && exit 0
    fi
else
    python=$(find_python)
    echo "  Making a virtual environment with $("$python" -V)"
    rm -rf "$venv"
    if ! "$python" -m venv "$venv" >"${TMPDIR:-/tmp}/ruleyard-venv.$$" 2>&1; then
        cat "${TMPDIR:-/tmp}/ruleyard-venv.$$" >&2
        rm -rf "$venv" "${TMPDIR:-/tmp}/ruleyard-venv.$$"
        echo "Python cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv" >&2
        exit 1
    fi
    rm -f "${TMPDIR:-/tmp}/ruleyard-venv.$$"
fi
if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    echo "The virtual environment has no pip. On Debian and Ubuntu: apt-get install python3-venv; then rm -r .venv" >&2
    exit 1
fi
echo "  Installing the Python packages ($(grep -c '==' "$list"), hashes checked)"
"$venv/bin/python" -m pip install -qq --require-hashes -r "$list"
"$venv/bin/python" -m pip install -qq --no-deps --no-build-isolation -e backend
wanted >"$stamp"
