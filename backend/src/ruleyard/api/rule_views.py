"""A rule as the API shows it: the stored row joined with what checking its draft says now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.api.analysing import with_warnings
from ruleyard.api.checking import Checked, check_document, check_documents, surroundings, trigger_of
from ruleyard.api.house import House
from ruleyard.api.problems import author, draft_shape
from ruleyard.api.shapes.rules import LiveVersion, Rule, RuleSummary, VersionDetail, VersionInfo
from ruleyard.core.types import RuleId
from ruleyard.stores import drafts, rules, versions


def _facts(row: rules.RuleRow, checked: Checked) -> dict[str, Any]:
    values = msgspec.structs.asdict(row)
    del values["document"]
    return values | {
        "sentence": checked.sentence,
        "problems_count": len(checked.errors),
        "trigger": trigger_of(row.document),
    }


async def summaries(
    house: House, conn: AsyncConnection, rows: Sequence[rules.RuleRow], *, documents: bool
) -> tuple[RuleSummary, ...]:
    """One page of the list; the drafts are checked together, and come along with `documents`."""
    drafted = [row.document for row in rows]
    found = await check_documents(house.models, await surroundings(conn, drafted), drafted)
    return tuple(
        RuleSummary(**_facts(row, checked), document=row.document if documents else None)
        for row, checked in zip(rows, found, strict=True)
    )


async def whole(house: House, conn: AsyncConnection, rule_id: RuleId) -> Rule:
    """A rule with its draft, its live version and the draft's problems."""
    row = await rules.rule_row(conn, rule_id)
    live = await versions.live_version(conn, rule_id)
    around = await surroundings(conn, [row.document])
    checked = await check_document(house.models, around, row.document, rule_id=rule_id)
    warned = await with_warnings(house.models, house.neighbours, conn, checked, rule_id)
    return Rule(
        **_facts(row, checked),
        draft=draft_shape(await drafts.draft_of(conn, rule_id)),
        live=None
        if live is None
        else LiveVersion(live.number, live.document, live.layout, live.published_at),
        problems=warned.problems,
        versions_count=await versions.count_versions(conn, rule_id),
    )


def _version_facts(row: versions.VersionRow) -> dict[str, Any]:
    return msgspec.structs.asdict(row) | {"published_by": author(row.published_by_id, row.published_by_name)}


def version_info(row: versions.VersionRow, on: versions.OnPeriod | None = None) -> VersionInfo:
    facts = _version_facts(row) | ({"on_since": on.since, "on_until": on.until} if on else {})
    return msgspec.convert(facts, VersionInfo)


def version_detail(row: versions.VersionRow) -> VersionDetail:
    return msgspec.convert(_version_facts(row), VersionDetail)
