"""Write a rule's document as JSON to stdout or a file: what `ruleyard import` takes, without loss."""

from __future__ import annotations

import argparse
from pathlib import Path

NAME = "export"
HELP = "write a rule as JSON"


def arguments(parser: argparse.ArgumentParser) -> None:
    from ruleyard.cli.client import client_arguments

    parser.add_argument("rule", metavar="RULE", help="its name or number")
    parser.add_argument("--version", type=int, help="a published version; default: the draft")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE")
    client_arguments(parser)


def run(args: argparse.Namespace) -> int:
    import msgspec

    from ruleyard.cli.client import Client

    with Client(args) as client:
        rule = client.rule(args.rule)
        document = client.get(f"/rules/{rule['id']}/export", version=args.version)
    text = msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"
    if args.output is None:
        print(text, end="")
    else:
        args.output.write_text(text)
        print(f"{rule['name']} → {args.output}")
    return 0
