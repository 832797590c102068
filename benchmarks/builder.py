"""How quickly the builder answers in a browser: select, type, insert, undo, move and pan with 200 and 1,000 steps.

Builds the screens when they are not fresh, then hands over to `frontend/bench/builder.mjs`, which starts a product of
its own and drives Chromium. `--steps N` (may be said again), `--times N`, `--json FILE`, `--markdown`.

    npx -y rust-just bench builder
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    for script in ("node.sh", "spa.sh"):
        subprocess.run(["sh", f".ci/{script}"], cwd=ROOT, check=True)
    command = ["node", str(ROOT / "frontend/bench/builder.mjs"), *sys.argv[1:]]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
