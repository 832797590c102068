"""Events judged a second on a backlog, in memory, by 10, 1,000 and 10,000 published rules, and the ratios.

All rules listen to one table and its one operation; of those that are added none can match, so that in every case the
same rules do: one in ten events opens a run. They ask for other owners, ranges of a number, spans of days and lists,
each behind the same status. An event's cost begins with its row as the database gives it; what the database takes is
not in it. Then: what the rules take of
memory, and how long all of them, and one more, take to be read.
"""

# ruff: noqa: S101
from __future__ import annotations

import gc
import time
import tracemalloc
from typing import Any

import msgspec
from _rules import rule

from ruleyard.core.event import Event
from ruleyard.core.match import Index
from ruleyard.core.types import EventId, LogId, RuleId, VersionId
from ruleyard.lanes.judging import ask, judge_all
from ruleyard.lanes.plans import entry_of
from ruleyard.lanes.reader import events_of
from ruleyard.stores.live import StoredVersion

EVENTS = 10_000
MATCHING = 10
CRM = LogId(1)
NOW = "2026-11-22T12:00:00+00:00"
WON = {"===": [{"var": "after.status"}, "won"]}


def logic(number: int) -> Any:
    """The first ten match a tenth of the events between them, the others none."""
    if number < MATCHING:
        return {
            "and": [WON, {"===": [{"var": "after.attempts"}, number]}, {"<": [{"var": "after.id"}, 10**6]}]
        }
    amount, day, code = {"var": "after.amount"}, {"var": "after.due_on"}, {"var": "after.code"}
    low, not_before = 1_000 * number, {"!==": [{"var": "before.status"}, "won"]}
    return (
        {"and": [WON, {"===": [{"var": "after.owner_id"}, 10_000 + number]}]},
        {"and": [WON, {"!==": [amount, None]}, {">=": [amount, low]}, {"<": [amount, low + 500]}]},
        {"and": [not_before, WON, {"in": [code, [f"A{number}", f"B{number}"]]}]},
        {"and": [WON, {"<=": [f"{2100 + number}-01", day, f"{2100 + number}-03"]}]},
    )[number % 4]


def stored(number: int) -> StoredVersion:
    document = rule(logic(number), name=f"Rule {number}", columns=["status"])
    return StoredVersion(RuleId(number), VersionId(number), msgspec.json.encode(document))


def event(number: int) -> Event:
    row = {
        "id": number,
        "status": "won" if number % 10 == 0 else "lost",
        "attempts": number // 10 % MATCHING,
        "owner_id": number % 500,
        "amount": number % 900,
        "code": f"C{number % 50}",
        "due_on": f"2026-11-{number % 28 + 1:02}",
        "note": "as usual",
    }
    return Event(
        log=CRM,
        id=EventId(number),
        lane=number % 16,
        table="public.leads",
        op="update",
        key={"id": number},
        at=NOW,
        before={**row, "status": "new"},
        after=dict(row),
        changed=("status",),
    )


def row_of(one: Event) -> dict[str, Any]:
    """As asyncpg gives it: JSON is text."""
    values = {name: getattr(one, name) for name in one.__struct_fields__} | {
        "table_name": one.table,
        "xid": "0",
    }
    texts = {name: msgspec.json.encode(values[name]).decode() for name in ("key", "before", "after")}
    return values | texts


def index_of(rules: int) -> Index:
    index = Index([], {CRM: "crm"})
    index.add([entry for number in range(rules) if (entry := entry_of(stored(number))) is not None])
    return index


def measure(rows: list[Any], rounds: int = 9) -> dict[int, float]:
    """Seconds of processor time by the number of rules: the best of rounds that take turns."""
    indexes = {rules: index_of(rules) for rules in (10, 1_000, 10_000)}
    best = dict.fromkeys(indexes, 1e9)
    for _ in range(rounds):
        for rules, index in indexes.items():
            began = time.process_time()
            events, unreadable = events_of(CRM, rows)
            asking, heard = ask(index, events)
            judged = judge_all(asking)
            best[rules] = min(best[rules], time.process_time() - began)
            assert not unreadable
            assert len(judged.runs) == EVENTS // 10
            assert heard["public.leads", "update"].events == EVENTS
    return best


def main() -> None:
    events = [event(number) for number in range(EVENTS)]
    spent = measure([row_of(one) for one in events])
    for rules, one in spent.items():
        print(f"{rules:6,} rules  {EVENTS / one:12,.0f} events/s   {one / spent[10]:5.2f} × the cost of 10")
    versions = [stored(number) for number in range(10_000)]
    gc.collect()
    tracemalloc.start()
    index = index_of(10_000)
    gc.collect()
    size = tracemalloc.get_traced_memory()[0] - sum(len(version.document) for version in versions)
    tracemalloc.stop()
    print(f"memory        {size / 10_000:12,.0f} bytes a rule beside its document")
    began = time.process_time()
    entries = [entry for version in versions if (entry := entry_of(version)) is not None]
    read = time.process_time()
    Index([], {CRM: "crm"}).add(entries)
    print(f"read          {(read - began) * 100:12.1f} µs a rule")
    print(f"put in        {(time.process_time() - read) * 100:12.1f} µs a rule")
    began = time.process_time()
    another = entry_of(stored(10_001))
    assert another is not None
    index.add([another])
    index.candidates(events[0])
    print(f"one more      {(time.process_time() - began) * 1_000:12.2f} ms until it is asked, beside 10,000")


if __name__ == "__main__":
    main()
