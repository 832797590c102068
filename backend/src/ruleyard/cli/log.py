"""The event log of a watched database: how large it is, what is wrong, and how to go on after a restore.

ruleyard log crm                        size, troubles, and times in which changes were not captured
ruleyard log crm continue               the database was restored: read on from where it stands now
ruleyard log crm restart --since ID     read everything that the log holds from this id on
ruleyard log crm read-again             look again at changes that could not be read, by the rules that are on now
"""

from __future__ import annotations

import argparse
from typing import Any, Final
from urllib.parse import quote

NAME = "log"
HELP = "an event log: its size and troubles; go on; read again"
READ_AGAIN: Final = "read-again"


def arguments(parser: argparse.ArgumentParser) -> None:
    from ruleyard.cli.client import client_arguments

    parser.add_argument("connection", metavar="CONNECTION", help="the watched database, e.g. crm")
    parser.add_argument("answer", nargs="?", choices=("continue", "restart", READ_AGAIN), help="what to do")
    parser.add_argument("--since", type=int, metavar="ID", help="with restart: the first id to read")
    parser.add_argument("--table", metavar="TABLE", help="with read-again: of this schema.table alone")
    client_arguments(parser)


def run(args: argparse.Namespace) -> int:
    from ruleyard.cli.client import Client, print_json, print_table
    from ruleyard.core.errors import Invalid

    if (args.answer == "restart") != (args.since is not None):
        raise Invalid("--since ID goes with restart, and only with it.")
    if args.table and args.answer != READ_AGAIN:
        raise Invalid("--table goes with read-again, and only with it.")
    with Client(args) as client:
        connection = f"/connections/{client.connection(args.connection)['id']}"
        path = f"{connection}/log"
        if args.answer == READ_AGAIN:
            return _read_again(client, connection, args)
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


def _read_again(client: Any, connection: str, args: argparse.Namespace) -> int:
    """The exit code: 1 where some still cannot be read."""
    from ruleyard.cli.client import print_json
    from ruleyard.cli.watch import full_name

    tables = (
        [full_name(args.table)]
        if args.table
        else [one["name"] for one in client.items(f"{connection}/tables") if one["aside"]]
    )
    found = {
        table: client.post(f"{connection}/tables/{quote(table, safe='')}/read-again") for table in tables
    }
    if args.json:
        print_json(found)
    elif not found:
        print("No change stands aside.")
    for table, seen in found.items() if not args.json else ():
        print(f"{table}: {seen['read']:,} read, {seen['runs']:,} runs; {seen['aside']:,} still stand aside.")
        if seen["gone"]:
            print(f"  {seen['gone']:,} are no longer in the log.")
    return 1 if any(seen["aside"] for seen in found.values()) else 0
