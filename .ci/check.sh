# Everything that a reviewer should not have to say: style, types, layers, generated files. All are run; fails if any does.
set -u
python=$PWD/.venv/bin/python
failed=""

try() {
    name=$1
    shift
    if output=$("$@" 2>&1); then
        echo "  ok    $name"
    else
        echo "  FAIL  $name"
        printf '%s\n' "$output" | tail -n 60
        failed="$failed $name"
    fi
}

in_backend() { (cd backend && "$@"); }
in_frontend() { (cd frontend && "$@"); }

one_head() {
    heads=$(in_backend "$python" -m alembic heads)
    printf '%s\n' "$heads"
    [ "$(printf '%s\n' "$heads" | wc -l)" -eq 1 ]
}

fresh() {
    new=$(mktemp -d)
    (
        set -e
        (cd backend && "$python" -m ruleyard.core.schemas "$new" && "$python" -m ruleyard.api.schema "$new/openapi.json")
        for file in "$new"/*.json; do
            cmp "$file" "shared-schemas/$(basename "$file")"
        done
        cd frontend
        npx openapi-typescript ../shared-schemas/openapi.json -o "$new/schema.d.ts" >/dev/null
        cmp "$new/schema.d.ts" src/api/schema.d.ts
    )
    code=$?
    rm -rf "$new"
    [ $code -eq 0 ] || echo "Generated files are old: run 'npx -y rust-just schemas' and commit them."
    return $code
}

try "ruff" in_backend "$python" -m ruff check --quiet src ../tests ../benchmarks migrations
try "ruff format" in_backend "$python" -m ruff format --check --quiet src ../tests ../benchmarks migrations
try "mypy" in_backend "$python" -m mypy --no-error-summary
try "layers" in_backend "$PWD/.venv/bin/lint-imports" --no-cache
try "one last migration" one_head
try "biome" in_frontend npm run --silent lint
try "tsc" in_frontend npm run --silent typecheck
try "generated files" fresh
[ -z "$failed" ] || { echo "Not in order:$failed" >&2; exit 1; }
