"""Stop watching a table; every trace of us is removed from it."""

from __future__ import annotations

import argparse

NAME = "unwatch"
HELP = "stop watching a table"


def arguments(parser: argparse.ArgumentParser) -> None:
    from ruleyard.cli.client import client_arguments

    parser.add_argument("table", metavar="TABLE", help="schema.table, e.g. public.leads")
    parser.add_argument("--connection", default="crm", help="the watched database (crm)")
    parser.add_argument(
        "--forget",
        action="store_true",
        help="also when the database does not answer: our triggers and schema `ruleyard` then stay in it",
    )
    client_arguments(parser)


def run(args: argparse.Namespace) -> int:
    from ruleyard.cli.client import Client
    from ruleyard.cli.watch import full_name
    from ruleyard.core.errors import NotFound

    table = full_name(args.table)
    with Client(args) as client:
        connection_id = client.connection(args.connection)["id"]
        for watch in client.items("/watches"):
            if (watch["connection_id"], watch["table"]) == (connection_id, table):
                client.delete(f"/watches/{watch['id']}" + ("?forget=true" if args.forget else ""))
                print(f"{table} of {args.connection} is no longer watched.")
                return 0
    raise NotFound(f"{table} of {args.connection} is not watched.")
