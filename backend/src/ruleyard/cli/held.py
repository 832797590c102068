"""Rules that hold runs because they ran more often than their limit, and what becomes of those runs.

ruleyard held                    every rule that holds runs
ruleyard held RULE               what it holds, and what letting it run would do
ruleyard held RULE --release     let all of them run
ruleyard held RULE --cancel      cancel all of them
ruleyard held RULE --recall      hold again what the last decision has not begun, or cancelled
"""

from __future__ import annotations

import argparse
from typing import Any

NAME = "held"
HELP = "runs that rules hold; let them run or cancel them"


def arguments(parser: argparse.ArgumentParser) -> None:
    from ruleyard.cli.client import client_arguments

    parser.add_argument("rule", metavar="RULE", nargs="?", help="one rule (its name or number)")
    decide = parser.add_mutually_exclusive_group()
    decide.add_argument("--release", dest="verb", action="store_const", const="release", help="let all run")
    decide.add_argument("--cancel", dest="verb", action="store_const", const="cancel", help="cancel all")
    decide.add_argument("--recall", dest="verb", action="store_const", const="recall", help="hold them again")
    client_arguments(parser)


def run(args: argparse.Namespace) -> int:
    from ruleyard.cli.client import Client, moment, print_json, print_table
    from ruleyard.core.errors import Invalid

    if args.verb and not args.rule:
        raise Invalid(f"--{args.verb} needs a rule.")
    with Client(args) as client:
        if args.rule is None:
            found = client.get("/held")
            if args.json:
                print_json(found)
                return 0
            print_table(
                ("rule", "held", "holds since"),
                [
                    (one["rule_name"], one["held"], moment(one["since"]) if one["since"] else "")
                    for one in found["items"]
                ],
                empty="No rule holds runs.",
            )
            return 0
        path = f"/rules/{client.rule(args.rule)['id']}/held"
        held = client.get(path)
        if args.verb:
            held = client.post(f"{path}/{args.verb}", {"count": max(1, held["held"])})
    if args.json:
        print_json(held)
    else:
        _say(held)
    return 0


def _say(held: dict[str, Any]) -> None:
    limit = "no limit" if held["limit"] is None else f"limit {held['limit']:,} runs an hour"
    print(f"{held['rule_name']}: {held['held']:,} runs held, {limit}.")
    for one in held["would_do"]:
        print(f"  {one['do']}: at most {one['times']:,} times")
    if (work := held["work"]) is not None:
        print(f"{work['kind']}: {work['done']:,} of {work['total']:,}, {work['state']}")
