"""Say what became of a message of which nobody knows: its worker died between sending it and writing that down.

ruleyard settle                     the runs that stand still for that
ruleyard settle RUN… --arrived      it arrived: the run goes on with the next step
ruleyard settle RUN… --resend       send it again
"""

from __future__ import annotations

import argparse

NAME = "settle"
HELP = "messages of unknown outcome: `--arrived` or `--resend`"


def arguments(parser: argparse.ArgumentParser) -> None:
    from ruleyard.cli.client import client_arguments

    parser.add_argument("runs", metavar="RUN", nargs="*", type=int, help="which runs; none lists them")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--arrived", dest="choice", action="store_const", const="arrived", help="it arrived")
    choice.add_argument("--resend", dest="choice", action="store_const", const="resend", help="send it again")
    parser.add_argument("--limit", type=int, default=100, help="of the list (100)")
    client_arguments(parser)


def run(args: argparse.Namespace) -> int:
    from ruleyard.cli.client import Client, moment, print_json, print_table
    from ruleyard.core.errors import Invalid

    if bool(args.runs) != (args.choice is not None):
        raise Invalid("Name the runs, and say --arrived or --resend; neither lists what there is to settle.")
    with Client(args) as client:
        if args.runs:
            settled = []
            for number in args.runs:
                settled.append(client.post(f"/runs/{number}/settle", {"choice": args.choice}))
                if not args.json:
                    print(f"run {number}: {'goes on' if args.choice == 'arrived' else 'is sent again'}")
            if args.json:
                print_json(settled)
            return 0
        found = list(client.items("/runs", limit=args.limit, state="failed", fault="outcome-unknown"))
    if args.json:
        print_json(found)
        return 0
    print_table(
        ("run", "rule", "record", "began", "what is not known"),
        [
            (
                one["id"],
                one["rule_name"],
                f"{one['record_table']} {one['record_key']}".strip(),
                moment(one["created_at"]),
                one["error"],
            )
            for one in found
        ],
        empty="Nothing to settle: it is known of every message what became of it.",
    )
    return 0
