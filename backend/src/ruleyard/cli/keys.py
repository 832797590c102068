"""API keys of a running instance: list, `--create NAME`, `--revoke ID`. A key is shown only once."""

from __future__ import annotations

import argparse

NAME = "keys"
HELP = "list, make and revoke API keys"


def arguments(parser: argparse.ArgumentParser) -> None:
    from ruleyard.cli.client import client_arguments

    act = parser.add_mutually_exclusive_group()
    act.add_argument("--create", metavar="NAME", help="make a key and show it once")
    act.add_argument("--revoke", metavar="ID", type=int)
    parser.add_argument("--role", default="editor", choices=("viewer", "editor", "publisher", "admin"))
    client_arguments(parser)


def run(args: argparse.Namespace) -> int:
    from ruleyard.cli.client import Client, moment, print_json, print_table

    with Client(args) as client:
        if args.create:
            answer = client.post("/keys", {"name": args.create, "role": args.role})
            if args.json:
                print_json(answer)
            else:
                print(answer["key"])
            return 0
        if args.revoke is not None:
            client.delete(f"/keys/{args.revoke}")
            print(f"Key {args.revoke} no longer opens anything.")
            return 0
        found = list(client.items("/keys"))
    if args.json:
        print_json(found)
        return 0
    print_table(
        ("id", "name", "role", "begins", "made", "last used"),
        [
            (
                one["id"],
                one["name"],
                one["role"],
                f"ry_{one['prefix']}_…",
                moment(one["created_at"]),
                moment(one.get("last_used_at")),
            )
            for one in found
        ],
        empty="No keys.",
    )
    return 0
