"""Runs of a rule that wait for their turn, by its pace, its lists or its quiet, and what becomes of them.

ruleyard waiting RULE                       how many wait, for what, and until when
ruleyard waiting RULE --release             let all of them go on now
ruleyard waiting RULE --cancel              cancel all of them
ruleyard waiting RULE --release --run 7     only run 7 (may be given again)
"""

from __future__ import annotations

import argparse
from typing import Any

NAME = "waiting"
HELP = "runs that wait for their turn; let them go on now or cancel them"


def arguments(parser: argparse.ArgumentParser) -> None:
    from ruleyard.cli.client import client_arguments

    parser.add_argument("rule", metavar="RULE", help="the rule (its name or number)")
    decide = parser.add_mutually_exclusive_group()
    decide.add_argument(
        "--release", dest="verb", action="store_const", const="release", help="let them go on now"
    )
    decide.add_argument("--cancel", dest="verb", action="store_const", const="cancel", help="cancel them")
    parser.add_argument(
        "--run", dest="runs", metavar="N", type=int, action="append", default=[], help="only this run"
    )
    client_arguments(parser)


def run(args: argparse.Namespace) -> int:
    from ruleyard.cli.client import Client, moment, print_json, print_table
    from ruleyard.core.errors import Invalid

    if args.runs and not args.verb:
        raise Invalid("--run needs --release or --cancel.")
    with Client(args) as client:
        path = f"/rules/{client.rule(args.rule)['id']}/waiting"
        found = client.get(path)
        if args.verb:
            found = client.post(f"{path}/{args.verb}", {"count": max(1, found["count"]), "runs": args.runs})
    if args.json:
        print_json(found)
        return 0
    print(_said(found, moment))
    for one in found["would_do"]:
        print(f"  {one['do']}: at most {one['times']:,} times")
    print_table(
        ("run", "record", "waits for", "goes on at"),
        [
            (
                one["id"],
                f"{one['record_table']} {one['record_key']}",
                one["turn"],
                moment(one["at"]) if one["at"] else "",
            )
            for one in found["items"]
        ],
        empty="Nothing waits for its turn.",
    )
    if found["next"]:
        print(f"These are the oldest {len(found['items'])} of {found['count']:,}.")
    return 0


def _said(found: dict[str, Any], moment: Any) -> str:
    words = f"{found['rule_name']}: {found['count']:,} wait for their turn"
    if found["next_at"]:
        words += f"; the next goes on at {moment(found['next_at'])}"
        if found["count"] > 1 and found["last_at"]:
            words += f", the last at about {moment(found['last_at'])}"
    if (work := found["work"]) is not None and work["state"] == "running":
        doing = "let go on" if work["kind"] == "begin" else "cancelled"
        words += f"\nBeing {doing}: {work['done']:,} of {work['total']:,}"
    return f"{words}."
