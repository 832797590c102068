"""`python -m chaos`: run it, print what came of it, leave with 1 when a promise broke."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import uvloop

from chaos.run import Report, Wishes, chaos


def main() -> int:
    parser = argparse.ArgumentParser(prog="just chaos", description=__doc__)
    parser.add_argument("--events", type=int, default=20_000, help="changes to write (20000)")
    parser.add_argument("--faults", type=int, default=15, help="things to break (15)")
    parser.add_argument("--seed", type=int, default=1, help="of everything random (1)")
    parser.add_argument("--gap", type=float, default=8.0, help="seconds between faults, about (8)")
    parser.add_argument("--workers", type=int, default=2, help="how many `work` (2)")
    parser.add_argument("--json", type=Path, help="write the figures to a file")
    parser.add_argument("--keep", action="store_true", help="leave the folder with databases and logs")
    args = parser.parse_args()
    wishes = Wishes(args.events, args.faults, args.seed, args.gap, args.workers, keep=args.keep)
    report = uvloop.run(chaos(wishes, lambda line: print(f"  {line}", flush=True)))
    print_report(report)
    if args.json:
        args.json.write_text(json.dumps(report.as_json(), indent=2) + "\n")
    return 1 if report.broken + report.late else 0


def print_report(report: Report) -> None:
    verdict = report.verdict
    print(f"\nfaults (seed {report.wishes.seed})")
    for fault in report.faults:
        print(f"  {fault.began_s:7.1f} – {fault.ended_s:6.1f} s  {fault.kind:18} {fault.whom:9} {fault.note}")
    print("\nrule           expected    found  missing  doubled  out of order")
    for name, one in verdict.tallies.items():
        print(
            f"{name:13} {one.expected:9} {one.found:8} {len(one.missing):8} {one.doubled:8} {one.inversions:13}"
        )
    rows = (
        ("changes committed", verdict.events),
        ("runs", verdict.runs),
        ("lost", verdict.lost),
        ("record writes twice", verdict.doubled_writes),
        ("order inversions", verdict.inversions),
        ("HTTP repeats", f"{verdict.repeats}, in flight at a fault: {verdict.excused}"),
        ("  others", "; ".join(verdict.unexcused) or 0),
        ("HTTP repeats, key honoured", verdict.careful_effects),
        ("mails of unknown outcome", f"{verdict.unknown_mails}, missing: {verdict.mails_missing}"),
        ("actions interrupted", verdict.interrupted_attempts),
        ("failed in the open", "; ".join(verdict.failed) or 0),
        ("left after SIGTERM", report.left_after_term),
        ("SIGTERM to end, worst", f"{max(report.drains_s, default=0):.1f} s"),
        ("take-over, worst", f"{max((one.took_s for one in report.take_overs), default=0):.1f} s"),
        ("drained after", f"{report.drained_s:.1f} s"),
        ("ended unasked", ", ".join(report.ended_unasked) or 0),
        ("took", f"{report.took_s:.0f} s"),
    )
    print()
    for name, value in rows:
        print(f"{name:28} {value}")
    print(
        "\n"
        + (
            "Every promise held."
            if not (broken := report.broken + report.late)
            else "BROKEN: " + "; ".join(broken)
        )
    )


if __name__ == "__main__":
    sys.exit(main())
