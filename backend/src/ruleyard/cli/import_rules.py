"""Bring rules in from a JSON file or a web address: a rule document, {"rules": […]}, or JSON Logic.

A rule with the same name gets a new draft; nothing is switched on unless you say --publish. `-` reads stdin.
"""

from __future__ import annotations

import argparse
from typing import Any

NAME = "import"
HELP = "bring rules in from JSON"


def arguments(parser: argparse.ArgumentParser) -> None:
    from ruleyard.cli.client import client_arguments

    parser.add_argument(
        "file", metavar="FILE", help="a file, - for stdin, or an address that the server reads"
    )
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
    parser.add_argument("--publish", action="store_true", help="publish what came in and switch it on")
    parser.add_argument(
        "--suggest", action="store_true", help="use the nearest of ours for names that are not known here"
    )
    parser.add_argument(
        "--twins",
        choices=("replace", "another", "leave"),
        default="replace",
        help="what to do with a rule whose name is taken",
    )
    client_arguments(parser)


def run(args: argparse.Namespace) -> int:
    from ruleyard.cli.client import Client, print_json, print_table

    with Client(args) as client:
        source = {**_source(args.file), "suggest": args.suggest}
        if args.twins != "replace":
            seen = client.post("/import/source", source, dry_run="true")
            source["twins"] = {item["name"]: args.twins for item in seen["items"]}
        answer = client.post("/import/source", source, dry_run="true" if args.dry_run else "false")
        items = answer["items"]
        broken = any(p.get("severity", "error") == "error" for item in items for p in item["problems"])
        if args.publish and not args.dry_run and not broken:
            for item in items:
                if item["action"] != "leave":
                    rule = client.get(f"/rules/{item['rule_id']}")
                    client.post(
                        f"/rules/{rule['id']}/publish", {"etag": rule["draft"]["etag"], "enable": True}
                    )
    if args.json:
        print_json(answer)
        return 1 if broken else 0
    print_table(
        ("rule", "name", "would" if args.dry_run else "done", "understood", "problems"),
        [
            (item["rule_id"], item["as_name"], item["action"], _understood(item), len(item["problems"]))
            for item in items
        ],
    )
    for item in items:
        for problem in item["problems"]:
            place = f"line {problem['line']}, column {problem['column']}: " if problem.get("line") else ""
            print(f"  {item['as_name']}{problem['path']}: {place}{problem['message']}")
    for name in answer["names"]:
        print(f"  {_unmatched(name)}")
    return 1 if broken else 0


def _source(path: str) -> dict[str, Any]:
    from ruleyard.cli.client import read_input
    from ruleyard.core.errors import Invalid

    if path.startswith(("https://", "http://")):
        return {"url": path}
    try:
        return {"text": read_input(path).decode()}
    except UnicodeDecodeError as error:
        raise Invalid(f"{path} is not UTF-8: byte {error.start} does not belong there.") from None


def _understood(item: dict[str, Any]) -> str:
    told = item["understood"]
    return f"{told['steps'] - len(told['foreign'])} of {told['steps']} steps"


def _unmatched(name: dict[str, Any]) -> str:
    match = name["match"]
    place = ".".join(one for one in (match.get("connection"), match.get("table")) if one)
    what = f'{match["kind"]} "{match["name"]}"' + (f" of {place}" if place else "")
    if match.get("to"):
        return f"{what} is not known here: {match['to']} is meant"
    near = ", ".join(one["to"] for one in name["choices"][:8])
    return f"{what} is not known here" + (f". There are: {near}" if near else "")
