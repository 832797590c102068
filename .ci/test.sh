# All tests, each to its end, and one line for each at the very end. Fails if any fails.
# Two at a time: the browser, whose tests wait more than they work, then vitest; beside them pytest, then the checks, whose
# output is shown when they are done. More at once takes longer on two cores.
# What failed is told once more just above the summary: where only the end of a long output is kept, it says why.
# A test of pytest that waited too long is tried once more, as on a machine that others share it now and then must; what
# it saw is told, and a wrong result is never tried again.
set -u
python=$PWD/.venv/bin/python
logs=$(mktemp -d)
results=""
code=0

in_backend() { (cd backend && "$@"); }
in_frontend() { (cd frontend && "$@"); }

# part NAME COMMAND…: its output goes to the screen and to a file; its exit code and seconds to others.
part() {
    name=$1
    shift
    begun=$(date +%s)
    { "$@" 2>&1; echo $? >"$logs/$name.code"; } | tee "$logs/$name"
    echo $(($(date +%s) - begun)) >"$logs/$name.seconds"
}

sum_up() {
    name=$1
    result=$(cat "$logs/$name.code" 2>/dev/null || echo 1)
    counted=$(sed 's/\x1b\[[0-9;]*m//g' "$logs/$name" | grep -E '[0-9]+ (passed|failed|flaky|skipped|error)' | tail -n 3 | tr -s ' =' ' ' | paste -s -d ' ' -)
    word=ok
    [ "$result" = 0 ] || { word=FAIL; code=1; }
    results="$results$(printf '  %-4s  %-10s %4ss  %s' "$word" "$name" "$(cat "$logs/$name.seconds" 2>/dev/null)" "$counted")
"
}

# The end of what a failed part said, without the lines of what passed.
say_again() {
    [ "$(cat "$logs/$1.code" 2>/dev/null)" = 0 ] && return
    printf '\n== %s failed\n' "$1"
    sed 's/\x1b\[[0-9;]*m//g' "$logs/$1" | grep -vE '^  (✓|ok|-) |^\.+ *\[ *[0-9]+%\]$' | tail -n 40
}

# In a few lines just above the summary: what was expected and what came, also of what passed only the second time.
say_why() {
    [ "$(cat "$logs/$1.code" 2>/dev/null)" = 0 ] && ! grep -qE '[0-9]+ (flaky|rerun)' "$logs/$1" && return
    sed 's/\x1b\[[0-9;]*m//g' "$logs/$1" | grep -E '^(E  |FAILED |FAIL |ERROR |RERUN )|^ *([A-Za-z]*Error: |Expected|Received|Timeout: |- waiting for|- unexpected value)' |
        sed 's/^ *//' | awk '!seen[$0]++' | cut -c1-220 | head -n 12
}

# Ctrl-C does not reach what runs in the background: it is ended by its number, kept in a file.
numbered() { sh -c 'echo $$ >"$0"; exec "$@"' "$logs/pid" "$@"; }

beside() {
    part pytest in_backend numbered "$python" -m pytest -n 3 --dist loadfile \
        --reruns 1 --only-rerun 'waited .* s for' --only-rerun Timeout --rerun-show-tracebacks ../tests
    part checks numbered sh .ci/check.sh
}

beside >/dev/null &
background=$!
trap 'kill "$background" "$(cat "$logs/pid")" 2>/dev/null; wait "$background"; rm -rf "$logs"; exit 130' INT TERM
printf '\n== e2e\n'
part e2e in_frontend npm run --silent e2e
printf '\n== vitest\n'
part vitest in_frontend npm run --silent test
printf '\n== pytest and the checks (they ran beside)\n'
wait "$background"
trap - INT TERM
cat "$logs/pytest" "$logs/checks"
for name in checks vitest e2e pytest; do say_again "$name"; done
for name in checks vitest e2e pytest; do say_why "$name"; done
for name in checks pytest vitest e2e; do sum_up "$name"; done
printf '\n== Summary\n%s' "$results"
rm -rf "$logs"
exit $code
