# What a developer does daily. No `just` on this machine? `npx -y rust-just RECIPE` needs Node and Python alone.

set shell := ["sh", "-eu", "-c"]
set positional-arguments

python := justfile_directory() / ".venv/bin/python"
export PIP_DISABLE_PIP_VERSION_CHECK := "1"
export PIP_NO_INPUT := "1"
export PIP_ROOT_USER_ACTION := "ignore"
export PYTHONUNBUFFERED := "1"

# List the recipes
_default:
    @'{{ just_executable() }}' --justfile '{{ justfile() }}' --list --unsorted

# Run the product: everything in one, on http://127.0.0.1:8000 (--port N, --data DIR, --no-demo …)
up *arguments: _ready
    @exec {{ python }} -m ruleyard.cli up "$@"

# Run all tests: quick checks, pytest, vitest, Playwright
test: _ready-dev
    @sh .ci/test.sh

# Check without running tests: style, types, layers, generated files fresh
check: _venv-dev _node
    @sh .ci/check.sh

# Put every file into shape
fmt: _venv-dev _node
    cd backend && {{ python }} -m ruff check --fix-only --quiet src ../tests ../benchmarks migrations
    cd backend && {{ python }} -m ruff format --quiet src ../tests ../benchmarks migrations
    cd frontend && npm run --silent format

# pytest alone, e.g. `just pytest ../tests/core -k truth`
pytest *arguments: _venv-dev
    cd backend && if [ $# -eq 0 ]; then set -- ../tests; fi && {{ python }} -m pytest "$@"

# vitest alone
vitest *arguments: _node
    cd frontend && npx vitest run "$@"

# Random typed rules through both evaluators, Python's and the browser's; `--seed N` for the same ones again
fuzz-logic count="10000" *arguments: _venv-dev _node
    @{{ python }} tests/core/fuzz_logic.py "$@"

# The browser tests alone
e2e *arguments: _ready
    cd frontend && npm run --silent e2e -- "$@"

# Take the pictures of docs/images anew, from a product of its own
pictures: _ready
    cd frontend && RULEYARD_PICTURES=1 npx playwright test --project pictures

# psql on the demo database of a running `up` (after `--`: psql's own arguments; `--own`: our database)
psql *arguments:
    @exec {{ python }} -m ruleyard.cli psql "$@"

# The demo's tools: `just demo calls FILE.csv.gz`, `just demo simulate`
demo *arguments:
    @exec {{ python }} -m ruleyard.cli demo "$@"

# Any other command of a running instance: `just ruleyard rules`
ruleyard *arguments:
    @exec {{ python }} -m ruleyard.cli "$@"

# Write the generated files anew: JSON Schemas, operators, OpenAPI, the browser's API types
schemas: _venv-dev _node
    cd backend && {{ python }} -m ruleyard.core.schemas ../shared-schemas
    cd backend && {{ python }} -m ruleyard.api.schema ../shared-schemas/openapi.json
    cd frontend && npm run --silent api-types

# Measure side by side: `just bench` lists what there is, `just bench NAME` runs one
bench name="" *arguments: _venv-dev
    @if [ -z "$1" ]; then ls benchmarks; exit; fi; name=$1; shift; \
      if [ -d "benchmarks/$name" ]; then PYTHONPATH=benchmarks:tests exec {{ python }} -m "$name" "$@"; fi; \
      exec {{ python }} "benchmarks/$name.py" "$@"

# Break everything under load and count: `just chaos --events 100000 --faults 50 --seed 1` (--json FILE, --keep)
chaos *arguments: _venv-dev
    @PYTHONPATH=tests exec {{ python }} -m chaos "$@"

# The frontend with live reload, beside a running `up`
dev: _node
    cd frontend && npm run dev

# Remove what was built and installed here (never `.ruleyard`, which holds your data)
clean:
    rm -rf .venv frontend/node_modules frontend/dist frontend/test-results frontend/playwright-report
    find . -name __pycache__ -type d -prune -exec rm -rf {} +

_venv-dev:
    @sh .ci/venv.sh backend/requirements-dev.txt

_node:
    @sh .ci/node.sh

_ready:
    @sh .ci/ready.sh backend/requirements.txt

_ready-dev:
    @sh .ci/ready.sh backend/requirements-dev.txt
