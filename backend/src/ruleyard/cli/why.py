"""Say why a rule fired, or did not, for a change of a record.

ruleyard why 'Rescue missed callbacks' --table public.leads --record 42  the last change of that record
ruleyard why 3 --event 1207                                              that very change
"""

from __future__ import annotations

import argparse
import json

NAME = "why"
HELP = "why a rule fired, or did not"


def arguments(parser: argparse.ArgumentParser) -> None:
    from ruleyard.cli.client import client_arguments

    parser.add_argument("rule", metavar="RULE", help="its name or number")
    parser.add_argument("--connection", default="crm", help="the watched database (crm)")
    parser.add_argument("--table", help="schema.table of the record")
    parser.add_argument("--record", metavar="KEY", help="the record's key; JSON where it has several columns")
    parser.add_argument("--event", type=int, help="number of the change")
    client_arguments(parser)


def run(args: argparse.Namespace) -> int:
    from ruleyard.cli.client import Client, print_json, record_key
    from ruleyard.cli.watch import full_name
    from ruleyard.core.errors import Invalid, NotFound

    with Client(args) as client:
        rule = client.rule(args.rule)
        log = client.connection(args.connection)["id"]
        event_id = args.event
        if event_id is None:
            if not args.table or not args.record:
                raise Invalid("Say which change: --event N, or --table and --record.")
            table = full_name(args.table)
            key = record_key(client, log, table, args.record)
            found = list(client.items("/events", limit=1, connection_id=log, table=table, key=key))
            if not found:
                raise NotFound(f"No change of {table} {args.record} was captured. Is the table watched?")
            event_id = found[0]["id"]
        answer = client.get(f"/rules/{rule['id']}/explain", log=log, event_id=event_id)
    if args.json:
        print_json(answer)
        return 0
    print(f"{rule['name']}, change {event_id}: {'fired' if answer['fired'] else 'did not fire'}.")
    print(answer["reason"])
    for step in (answer.get("trace") or {}).get("steps", []):
        branch = f" → {step['branch']}" if step.get("branch") else ""
        print(f"  {step['node']} ({step['kind']}): {step['state']}{branch}")
        for seen in step.get("seen") or []:
            values = ", ".join(json.dumps(value, ensure_ascii=False) for value in seen.get("values") or [])
            print(f"    {_TRUTH.get(seen.get('truth'), '·')} {seen['operator']}({values})")
    return 0


_TRUTH = {True: "yes", False: "no ", "error": "err"}
