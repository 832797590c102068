# Everything installed and built: `sh .ci/ready.sh backend/requirements.txt`. The Python packages and the screens side by side.
set -u
{ sh .ci/node.sh && sh .ci/spa.sh; } &
screens=$!
trap 'kill "$screens" 2>/dev/null; exit 130' INT TERM
sh .ci/venv.sh "$1"
code=$?
wait "$screens" || code=$?
exit $code
