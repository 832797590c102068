# Build the SPA into frontend/dist when a source changed since the last time.
set -eu
stamp=frontend/dist/.built
wanted=$(
    {
        find frontend/src frontend/public shared-schemas -type f ! -path '*/vectors/*' ! -name '*.test.*' | LC_ALL=C sort
        find frontend -maxdepth 1 -type f | LC_ALL=C sort
    } | while IFS= read -r file; do cksum "$file"; done | cksum
)
[ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && exit 0
echo "  Building the screens"
(cd frontend && npm run --silent build -- --logLevel warn)
echo "$wanted" >"$stamp"
