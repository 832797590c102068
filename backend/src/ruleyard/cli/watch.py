"""Watch a table: from now on its changes are captured, and rules can listen to them."""

from __future__ import annotations

import argparse

NAME = "watch"
HELP = "watch a table; without one, list what is watched"


def arguments(parser: argparse.ArgumentParser) -> None:
    from ruleyard.cli.client import client_arguments

    parser.add_argument("table", nargs="?", metavar="TABLE", help="schema.table, e.g. public.leads")
    parser.add_argument("--connection", default="crm", help="the watched database (crm)")
    parser.add_argument("--exclude", default="", metavar="COLUMNS", help="columns never captured, by comma")
    client_arguments(parser)


def run(args: argparse.Namespace) -> int:
    from ruleyard.cli.client import Client, print_json, print_table

    with Client(args) as client:
        if args.table is None:
            found = list(client.items("/watches"))
            if args.json:
                print_json(found)
            else:
                names = {one["id"]: one["name"] for one in client.items("/connections")}
                rows = [(names.get(one["connection_id"]), one["table"]) for one in found]
                print_table(("connection", "table"), rows, empty="No table is watched yet.")
            return 0
        table = full_name(args.table)
        body = {
            "connection_id": client.connection(args.connection)["id"],
            "table": table,
            "excluded": [column for column in args.exclude.split(",") if column],
        }
        answer = client.post("/watches", body)
    if args.json:
        print_json(answer)
    else:
        print(f"Watching {table} of {args.connection}.")
    return 0


def full_name(table: str) -> str:
    """`leads` means `public.leads`."""
    return table if "." in table else f"public.{table}"
