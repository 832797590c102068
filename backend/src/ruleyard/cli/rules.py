"""List the rules of a running instance, or turn one on or off."""

from __future__ import annotations

import argparse

NAME = "rules"
HELP = "list the rules; `--on RULE`, `--off RULE`"


def arguments(parser: argparse.ArgumentParser) -> None:
    from ruleyard.cli.client import client_arguments

    parser.add_argument("--search", help="words in the name")
    parser.add_argument("--status", choices=("all", "on", "off", "draft", "attention"))
    switch = parser.add_mutually_exclusive_group()
    switch.add_argument("--on", metavar="RULE", help="turn a published rule on (its name or number)")
    switch.add_argument("--off", metavar="RULE", help="turn a rule off")
    client_arguments(parser)


def run(args: argparse.Namespace) -> int:
    from ruleyard.cli.client import Client, moment, print_json, print_table

    with Client(args) as client:
        for name, verb in ((args.on, "enable"), (args.off, "disable")):
            if name is not None:
                rule = client.rule(name)
                client.post(f"/rules/{rule['id']}/{verb}")
                print(f"{rule['name']}: {'on' if verb == 'enable' else 'off'}")
                return 0
        found = list(client.items("/rules", search=args.search, status=args.status))
    if args.json:
        print_json(found)
        return 0
    print_table(
        ("id", "name", "state", "version", "runs 7 d", "failed", "last run"),
        [
            (
                rule["id"],
                rule["name"],
                "on" if rule["enabled"] else "off",
                rule["live_version"],
                rule["runs_7d"],
                rule["failed_7d"],
                moment(rule["last_run_at"]),
            )
            for rule in found
        ],
        empty="No rules. `ruleyard import FILE.json` brings some in.",
    )
    return 0
