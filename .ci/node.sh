# `npm ci` in frontend/ when the lock file or Node changed since the last time.
set -eu
if ! command -v npm >/dev/null 2>&1; then
    echo "Ruleyard's screens are built with Node 20 or newer (with npm), and there is none on PATH." >&2
    exit 1
fi
node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || {
    echo "Ruleyard needs Node 20 or newer, not $(node --version)." >&2
    exit 1
}
stamp=frontend/node_modules/.installed
wanted=$({ cat frontend/package-lock.json; node --version; } | cksum)
[ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && exit 0
echo "  Installing the npm packages"
(cd frontend && npm ci --no-audit --no-fund --loglevel=error)
echo "$wanted" >"$stamp"
