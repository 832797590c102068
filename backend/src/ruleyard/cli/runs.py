"""List runs of a running instance, newest first; `--retry` and `--cancel` act on one."""

from __future__ import annotations

import argparse

NAME = "runs"
HELP = "list the runs; `--rule R`, `--state failed`"


def arguments(parser: argparse.ArgumentParser) -> None:
    from ruleyard.cli.client import client_arguments

    parser.add_argument("--rule", metavar="RULE", help="of one rule (its name or number)")
    parser.add_argument(
        "--state", help="queued, running, waiting, succeeded, failed, cancelled; several by comma"
    )
    parser.add_argument("--limit", type=int, default=25)
    act = parser.add_mutually_exclusive_group()
    act.add_argument("--show", metavar="RUN", help="one run, step by step")
    act.add_argument("--retry", metavar="RUN", help="go on from the failed step")
    act.add_argument("--cancel", metavar="RUN", help="cancel an open run")
    client_arguments(parser)


def run(args: argparse.Namespace) -> int:
    from ruleyard.cli.client import Client, moment, print_json, print_table

    with Client(args) as client:
        if args.show:
            one = client.get(f"/runs/{args.show}")
            if args.json:
                print_json(one)
            else:
                _show(one)
            return 0
        for number, verb in ((args.retry, "retry"), (args.cancel, "cancel")):
            if number is not None:
                answer = client.post(f"/runs/{number}/{verb}")
                print(f"run {number}: {answer['state']}")
                return 0
        rule_id = client.rule(args.rule)["id"] if args.rule else None
        found = list(client.items("/runs", limit=args.limit, rule_id=rule_id, state=args.state))
    if args.json:
        print_json(found)
        return 0
    print_table(
        ("run", "rule", "v", "state", "record", "path", "began", "ms", "error"),
        [
            (
                one["id"],
                one["rule_name"],
                one["version"],
                one["state"],
                f"{one['record_table']} {one['record_key']}".strip(),
                one["path"],
                moment(one["created_at"]),
                one["duration_ms"],
                one["error"],
            )
            for one in found
        ],
        empty="No runs yet.",
    )
    return 0


def _show(one: dict[str, object]) -> None:
    from ruleyard.cli.client import print_table

    print(f"run {one['id']} of {one['rule_name']!r}, version {one['version']}: {one['state']}")
    trace = one["trace"]
    steps = trace["steps"] if isinstance(trace, dict) else []
    print_table(
        ("step", "kind", "state", "branch", "attempts", "error"),
        [
            (
                step["node"],
                step["kind"],
                step["state"],
                step.get("branch"),
                step.get("attempts", 0),
                (step.get("error") or {}).get("message"),
            )
            for step in steps
        ],
        empty="No step yet.",
    )
