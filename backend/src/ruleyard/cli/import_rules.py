"""Bring rules in from a JSON file: a rule document, {"rules": […]}, or {"logic": …, "trigger": …}.

A rule with the same name gets a new draft; nothing is switched on unless you say --publish. `-` reads stdin.
"""

from __future__ import annotations

import argparse

NAME = "import"
HELP = "bring rules in from JSON"


def arguments(parser: argparse.ArgumentParser) -> None:
    from ruleyard.cli.client import client_arguments

    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
    parser.add_argument("--publish", action="store_true", help="publish what came in and switch it on")
    client_arguments(parser)


def run(args: argparse.Namespace) -> int:
    from ruleyard.cli.client import Client, print_json, print_table, read_input
    from ruleyard.core.limits import parse_import

    document = parse_import(read_input(args.file))
    with Client(args) as client:
        answer = client.post("/import", document, dry_run="true" if args.dry_run else "false")
        items = answer["items"]
        broken = any(p.get("severity", "error") == "error" for item in items for p in item["problems"])
        if args.publish and not args.dry_run and not broken:
            for item in items:
                rule = client.get(f"/rules/{item['rule_id']}")
                client.post(f"/rules/{rule['id']}/publish", {"etag": rule["draft"]["etag"], "enable": True})
    if args.json:
        print_json(answer)
        return 1 if broken else 0
    print_table(
        ("rule", "name", "would" if args.dry_run else "done", "problems"),
        [(item["rule_id"], item["name"], item["action"], len(item["problems"])) for item in items],
    )
    for item in items:
        for problem in item["problems"]:
            print(f"  {item['name']}{problem['path']}: {problem['message']}")
    return 1 if broken else 0
