"""Try failed runs again, each from the step that failed.

ruleyard retry                               what failed, and what trying all of it again would do
ruleyard retry --rule R --since 2026-11-22   the same of some of them
ruleyard retry --rule R --go                 do what was shown, and tell how far it is
ruleyard retry --follow N, --stop N          of a retry that goes on: how far it is; no further run
ruleyard retry 17 18                         these runs
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any, Final

NAME = "retry"
HELP = "try what failed again: look first, then `--go`"
LOOK_S: Final = 0.5
AT_ONCE: Final = 100
"""So many runs the API takes by their numbers."""


def arguments(parser: argparse.ArgumentParser) -> None:
    from ruleyard.cli.client import client_arguments

    parser.add_argument(
        "runs", metavar="RUN", nargs="*", type=int, help="these runs, instead of all that fit"
    )
    parser.add_argument("--rule", metavar="RULE", help="of one rule (its name or number)")
    parser.add_argument("--table", metavar="TABLE", help="about records of this schema.table")
    parser.add_argument("--since", metavar="TIME", help="begun at TIME or later")
    parser.add_argument("--until", metavar="TIME", help="begun before TIME")
    parser.add_argument(
        "--fault", metavar="CODE", help="why they failed, such as target-gone (docs/errors.md)"
    )
    act = parser.add_mutually_exclusive_group()
    act.add_argument("--go", action="store_true", help="do it")
    act.add_argument("--follow", metavar="N", type=int, help="how far retry N is, until it ends")
    act.add_argument("--stop", metavar="N", type=int, help="retry N: no further run")
    client_arguments(parser)


def run(args: argparse.Namespace) -> int:
    from ruleyard.cli.client import Client, print_json
    from ruleyard.core.errors import Invalid

    which = _filter(args)
    if args.runs and (args.go or args.follow or args.stop or args.rule or which):
        raise Invalid("Either runs by their numbers, or all that fit: not both.")
    with Client(args) as client:
        if args.runs:
            return _these(client, args)
        if args.stop is not None:
            _tell(client.post(f"/runs/retries/{args.stop}/stop"), args)
            return 0
        if args.follow is not None:
            _tell(_followed(client, client.get(f"/runs/retries/{args.follow}"), args), args)
            return 0
        if args.rule:
            which["rule_id"] = client.rule(args.rule)["id"]
        seen = client.post("/runs/retries/preview", which)
        if args.go and seen["count"]:
            begun = client.post(
                "/runs/retries", {"filter": which, "upto_id": seen["upto_id"], "count": seen["count"]}
            )
            _tell(_followed(client, begun, args), args)
            return 0
    if args.json:
        print_json(seen)
    else:
        _preview(seen)
    return 0


def _filter(args: argparse.Namespace) -> dict[str, Any]:
    from ruleyard.cli.client import instant
    from ruleyard.cli.watch import full_name

    given = {
        "table": full_name(args.table) if args.table else None,
        "since": instant("--since", args.since),
        "until": instant("--until", args.until),
        "fault": args.fault,
    }
    return {name: value for name, value in given.items() if value is not None}


def _these(client: Any, args: argparse.Namespace) -> int:
    """The exit code: 1 where none of them goes on."""
    from ruleyard.cli.client import print_json

    parts = [args.runs[at : at + AT_ONCE] for at in range(0, len(args.runs), AT_ONCE)]
    answers = [client.post("/runs/retry", {"ids": ids}) for ids in parts]
    both = {name: [run for one in answers for run in one[name]] for name in ("retried", "skipped")}
    if args.json:
        print_json(both)
    else:
        for number in both["retried"]:
            print(f"run {number}: goes on from its failed step")
        for number in both["skipped"]:
            print(f"run {number}: left alone, for it is not failed, or somebody must settle it first")
    return 0 if both["retried"] else 1


def _preview(seen: dict[str, Any]) -> None:
    from ruleyard.cli.client import print_table

    if seen["count"]:
        print(f"{seen['count']:,} failed runs would go on from their failed step; add --go to do it.")
        rows = [(f"{one['runs']:,}", one["rule_name"], one["node"]) for one in seen["groups"]]
        print_table(("runs", "rule", "from step"), rows)
    else:
        print("No failed run fits.")
    if seen["unknown"]:
        print(f"{seen['unknown']:,} more are left out: nobody knows whether their message went out.")
        print("Settle those one by one: ruleyard settle")


def _followed(client: Any, work: dict[str, Any], args: argparse.Namespace) -> dict[str, Any]:
    """The work when it does not go on any more, told of on stderr meanwhile."""
    try:
        while work["state"] == "running":
            if not args.json:
                print(f"\r{work['done']:,} of {work['total']:,} ", end="", file=sys.stderr, flush=True)
            time.sleep(LOOK_S)
            work = client.get(f"/runs/retries/{work['id']}")
    except KeyboardInterrupt:
        print(f"\nIt goes on by itself. To end it: ruleyard retry --stop {work['id']}", file=sys.stderr)
        raise
    if not args.json:
        print("\r", end="", file=sys.stderr)
    return work


def _tell(work: dict[str, Any], args: argparse.Namespace) -> None:
    from ruleyard.cli.client import print_json

    if args.json:
        print_json(work)
    else:
        print(f"retry {work['id']} {work['state']}: {work['done']:,} of {work['total']:,} runs went on.")
