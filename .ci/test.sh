# All tests, each to its end, and one line for each at the very end. Fails if any fails.
set -u
python=$PWD/.venv/bin/python
results=""
code=0

part() {
    name=$1
    shift
    printf '\n== %s\n' "$name"
    log=$(mktemp)
    begun=$(date +%s)
    { "$@" 2>&1; echo $? >"$log.code"; } | tee "$log"
    result=$(cat "$log.code")
    counted=$(sed 's/\x1b\[[0-9;]*m//g' "$log" | grep -E '[0-9]+ (passed|failed|skipped|error)' | tail -n 3 | tr -s ' =' ' ' | paste -s -d ' ' -)
    word=ok
    [ "$result" = 0 ] || { word=FAIL; code=1; }
    results="$results$(printf '  %-4s  %-10s %4ss  %s' "$word" "$name" "$(($(date +%s) - begun))" "$counted")
"
    rm -f "$log" "$log.code"
}

in_backend() { (cd backend && "$@"); }
in_frontend() { (cd frontend && "$@"); }

part "checks" sh .ci/check.sh
part "pytest" in_backend "$python" -m pytest ../tests
part "vitest" in_frontend npm run --silent test
part "e2e" in_frontend npm run --silent e2e
printf '\n== Summary\n%s' "$results"
exit $code
