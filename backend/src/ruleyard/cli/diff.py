"""Compare two versions of a rule, or its draft with one of them.

ruleyard diff 'Rescue missed callbacks' 3 4        what changed from version 3 to version 4
ruleyard diff 3 live draft                         what turning the draft on would change
ruleyard diff 3 4 draft --events                   and the stored changes on which they decide differently

Says what changed in words; whether the two can ever decide differently (a proof that they cannot, or a made-up record
that separates them). Ends with 0 whatever it finds.
"""

from __future__ import annotations

import argparse
import json
from typing import Any

NAME = "diff"
HELP = "what changed between two versions, and can they decide differently"


def arguments(parser: argparse.ArgumentParser) -> None:
    from ruleyard.cli.client import client_arguments

    parser.add_argument("rule", metavar="RULE", help="its name or number")
    parser.add_argument("old", metavar="A", help="a version's number, `live` or `draft`")
    parser.add_argument("new", metavar="B", help="the same, for the other side")
    parser.add_argument(
        "--events", action="store_true", help="list stored changes that they decide differently"
    )
    client_arguments(parser)


def run(args: argparse.Namespace) -> int:
    from ruleyard.cli.client import Client, print_json

    with Client(args) as client:
        rule = client.rule(args.rule)
        old, new = (_which(rule, one) for one in (args.old, args.new))
        at = f"/rules/{rule['id']}/versions/{old}/diff/{new}"
        answer = client.get(at)
        events = client.get(f"{at}/events", limit=100) if args.events else None
    if args.json:
        print_json(answer if events is None else answer | {"events": events})
        return 0
    print(f"{rule['name']}: {_name(old)} → {_name(new)}")
    for change in answer["changes"]:
        print(f"  {_SIGN[change['kind']]} {change['words']}")
    if not answer["changes"]:
        print("  They are the same.")
    verdict = answer["verdict"]
    print(verdict["words"])
    _print_record(verdict)
    if verdict["code"] == "separated":
        for name, steps in ((old, verdict["old_steps"]), (new, verdict["new_steps"])):
            print(f"  {_name(name)}: {', '.join(steps) or 'does nothing'}")
    for condition in answer["conditions"]:
        print(f"Condition {condition['node']}: {condition['words']}")
        _print_record(condition)
    if events is not None:
        _print_events(events, old, new)
    return 0


def _which(rule: dict[str, Any], word: str) -> str:
    """The API's name of a side: a number or `draft`. Invalid for anything else."""
    from ruleyard.core.errors import Invalid

    if word == "live":
        if rule["live_version"] is None:
            raise Invalid("This rule was never turned on: it has no live version.")
        return str(rule["live_version"])
    if word != "draft" and not (word.isascii() and word.isdigit()):
        raise Invalid(f"Say a version's number, `live` or `draft`, not {word!r}.")
    return word


def _name(which: str) -> str:
    return "the draft" if which == "draft" else f"version {which}"


def _print_record(found: dict[str, Any]) -> None:
    for root in ("before", "after"):
        if found.get(root):
            print(f"  {root}: {json.dumps(found[root], ensure_ascii=False)}")


def _print_events(page: dict[str, Any], old: str, new: str) -> None:
    from ruleyard.cli.client import moment, print_table

    print_table(
        ("change", "when", "record", _name(old), _name(new)),
        [
            (
                one["event_id"],
                moment(one["at"]),
                one["record_key"],
                _decision(one["old"]),
                _decision(one["new"]),
            )
            for one in page["items"]
        ],
        empty="No stored change is decided differently.",
    )
    back = f", back to {moment(page['back_to'])}" if page["back_to"] else ""
    more = " There are older ones." if page["next"] else ""
    print(f"Looked at {page['read']:,} stored changes{back}.{more}")


def _decision(decision: dict[str, Any]) -> str:
    if not decision["listens"]:
        return "not heard"
    if decision["error"]:
        return f"breaks: {decision['error']}"
    return ", ".join(decision["steps"]) or "nothing"


_SIGN = {"added": "+", "removed": "-", "changed": "~"}
