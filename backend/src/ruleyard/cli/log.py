"""The event log of a watched database: how large it is, what is wrong, and how to go on after a restore.

ruleyard log crm                        size, troubles, and times in which changes were not captured
ruleyard log crm continue               the database was restored: read on from where it stands now
ruleyard log crm restart --since ID     read everything that the log holds from this id on
"""

from __future__ import annotations

import argparse

NAME = "log"
HELP = "an event log: its size and troubles; go on after a restore"


def arguments(parser: argparse.ArgumentParser) -> None:
    from ruleyard.cli.client import client_arguments

    parser.add_argument("connection", metavar="CONNECTION", help="the watched database, e.g. crm")
    parser.add_argument("answer", nargs="?", choices=("continue", "restart"), help="how to go on")
    parser.add_argument("--since", type=int, metavar="ID", help="with restart: the first id to read")
    client_arguments(parser)


def run(args: argparse.Namespace) -> int:
    from ruleyard.cli.client import Client, print_json, print_table
    from ruleyard.core.errors import Invalid

    if (args.answer == "restart") != (args.since is not None):
        raise Invalid("--since ID goes with restart, and only with it.")
    with Client(args) as client:
        path = f"/connections/{client.connection(args.connection)['id']}/log"
        if args.answer is not None:
            answer = client.post(path, {"answer": args.answer, "since": args.since})
            if args.json:
                print_json(answer)
            else:
                print(f"{args.connection} is read on; {answer['to_read']} stored changes are read now.")
            return 0
        found = client.get(path)
    if args.json:
        print_json(found)
        return 0
    size_mb = found["size_bytes"] / 2**20
    print(f"{size_mb:,.1f} MB since {found['oldest_on'] or 'today'}.")
    for trouble in found["troubles"]:
        print(f"! {trouble['message']}")
    rows = [
        (one["table"] or "every table", one["cause"], one["from_at"], one["to_at"] or "now")
        for one in found["gaps"]
    ]
    print_table(
        ("not captured", "because", "from", "to"), rows, empty="No time in which changes are not known."
    )
    return 0
