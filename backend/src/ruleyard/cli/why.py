"""Say why a rule fired, or did not, for a change of a record.

ruleyard why 'Rescue missed callbacks' --record 42                      the last change of that record
ruleyard why 'Rescue missed callbacks' --record 42 --at 2026-11-22T09:00  its last change up to then (UTC)
ruleyard why 3 --event 1207                                             that very change
"""

from __future__ import annotations

import argparse
import json
from typing import Any

NAME = "why"
HELP = "why a rule fired, or did not"


def arguments(parser: argparse.ArgumentParser) -> None:
    from ruleyard.cli.client import client_arguments

    parser.add_argument("rule", metavar="RULE", help="its name or number")
    parser.add_argument("--record", metavar="KEY", help="the record's key; JSON where it has several columns")
    parser.add_argument("--at", metavar="TIME", help="as things were then: the last change at or before TIME")
    parser.add_argument("--event", type=int, help="number of the change, instead of a record")
    parser.add_argument("--connection", help="the watched database (the rule's own)")
    parser.add_argument("--table", help="schema.table of the record (the rule's own)")
    client_arguments(parser)


def run(args: argparse.Namespace) -> int:
    from ruleyard.cli.client import Client, print_json

    with Client(args) as client:
        rule = client.rule(args.rule)
        answer = _answer(client, rule, args)
    if args.json:
        print_json(answer)
        return 0
    how = "fired" if answer["fired"] else "did not fire"
    if answer["reason_code"] == "error":
        how = "could not be decided"
    print(f"{rule['name']}, change {answer['event_id']}: {how}.")
    print(answer["reason"])
    for step in (answer.get("trace") or {}).get("steps", []):
        branch = f" → {step['branch']}" if step.get("branch") else ""
        print(f"  {step['node']} ({step['kind']}): {step['state']}{branch}")
        for seen in step.get("seen") or []:
            values = ", ".join(json.dumps(value, ensure_ascii=False) for value in seen.get("values") or [])
            print(f"    {_TRUTH.get(seen.get('truth'), '·')} {seen['operator']}({values})")
    return 0


def _answer(client: Any, rule: dict[str, Any], args: argparse.Namespace) -> Any:
    from ruleyard.cli.client import instant, record_key
    from ruleyard.cli.watch import full_name
    from ruleyard.core.errors import Invalid, NotFound

    own = rule["trigger"]
    table = full_name(args.table) if args.table else own["table"]
    connection = args.connection or own["connection"] or "crm"
    log = client.connection(connection)["id"]
    at = f"/rules/{rule['id']}"
    if args.event is not None:
        return client.get(f"{at}/explain", log=log, event_id=args.event)
    if not args.record or not table:
        raise Invalid("Say which change: --record KEY (and --table where the rule has none), or --event N.")
    key = record_key(client, log, table, args.record)
    if (connection, table) == (own["connection"], own["table"]):
        return client.get(f"{at}/why", key=key, at=instant("--at", args.at))
    if args.at:
        raise Invalid(f"--at goes with the rule's own table, {own['table']}.")
    found = list(client.items("/events", limit=1, connection_id=log, table=table, key=key))
    if not found:
        raise NotFound(f"No change of {table} {args.record} was captured. Is the table watched?")
    return client.get(f"{at}/explain", log=log, event_id=found[0]["id"])


_TRUTH = {True: "yes", False: "no ", "error": "err"}
