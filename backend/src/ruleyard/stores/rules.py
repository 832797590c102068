"""Rules. Drafts are in `drafts.py`; versions, publishing and switching on and off in `versions.py`.

The list's figures come in one query per page. Knows nothing of what a document means.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.errors import NotFound, Problem
from ruleyard.core.trace import StepError
from ruleyard.core.types import AccountId, JSONObject, RuleId, RunId, RunState
from ruleyard.stores import run_counts
from ruleyard.stores.db import AS_WRITTEN
from ruleyard.stores.pages import Page, decode, page

RuleStatus = Literal["all", "on", "off", "draft", "attention"]
RuleSort = Literal["name", "-name", "last_run", "-last_run", "runs", "-runs", "failures", "-failures"]


class RuleRow(msgspec.Struct, frozen=True):
    """A rule as lists show it. `document` is the draft's; `has_draft`: it differs from the live version."""

    id: RuleId
    name: str
    enabled: bool
    archived: bool
    live_version: int | None
    has_draft: bool
    runs_7d: int
    failed_7d: int
    last_run_at: datetime | None
    last_run_state: RunState | None
    updated_at: datetime
    document: JSONObject
    drift: tuple[Problem, ...] = ()
    """What no longer fits between the live version and its tables."""
    paused: StepError | None = None
    """Why Ruleyard itself switched it off; None where it did not."""
    paused_at: datetime | None = None
    held: int = 0
    """Runs of it that are held, because it ran more often than its limit."""
    held_since: datetime | None = None
    """While it is set, further runs are held, too."""


class Counts(msgspec.Struct, frozen=True):
    """Over all rules that are not archived."""

    all: int
    on: int
    draft: int
    attention: int
    runs_7d: int


class Attention(msgspec.Struct, frozen=True):
    """`drift`: what no longer fits a table; `run_id` is None where nothing failed (yet); `held`: runs that wait for
    somebody's word."""

    rule_id: RuleId
    name: str
    failed_24h: int
    reason: str
    fault: StepError | None
    drift: tuple[Problem, ...]
    run_id: RunId | None
    held: int = 0


# Seven days and 24 hours as the dashboard counts them: with today, and with the hour that is going on.
_LATELY: Final = f"""
    {run_counts.counts("hour", "date_trunc('hour', now()) - interval '23 hours'", name="lately")},
    troubled as (
      select rule_id, sum(failed)::bigint as failed from lately group by rule_id having sum(failed) > 0
    )"""
_LINES: Final = f"""
    with {run_counts.counts("day", "date_trunc('day', now()) - interval '6 days'")}, week as (
      select rule_id, sum(opened)::bigint as runs, sum(failed)::bigint as failed from counts group by rule_id
    ), {_LATELY}, line as (
      select r.id, r.name, r.enabled, r.archived_at is not null as archived, v.number as live_version,
        v.id is null or v.document::jsonb is distinct from d.document::jsonb as has_draft,
        coalesce(w.runs, 0) as runs_7d, coalesce(w.failed, 0) as failed_7d,
        l.created_at as last_run_at, l.state as last_run_state,
        greatest(r.updated_at, d.saved_at) as updated_at, d.document::text as document,
        lower(r.name) as by_name, coalesce(l.id, 0) as by_last_run,
        t.rule_id is not null or z.rule_id is not null or r.paused is not null
          or coalesce(f.held, 0) > 0 or f.held_since is not null as attention,
        z.problems::text as drift, r.paused::text as paused, r.paused_at,
        coalesce(f.held, 0) as held, f.held_since
      from app.rule r
      join app.draft d on d.rule_id = r.id
      left join app.version v on v.id = r.live_version_id
      left join week w on w.rule_id = r.id
      left join troubled t on t.rule_id = r.id
      left join app.drift z on z.rule_id = r.id
      left join app.fuse f on f.rule_id = r.id
      left join lateral (
        select id, created_at, state from app.run
        where rule_id = r.id and parent_run is null order by id desc limit 1) l on true
    )
"""

_STATUS: Final[dict[RuleStatus, str]] = {
    "all": "true",
    "on": "enabled",
    "off": "not enabled",
    "draft": "has_draft",
    "attention": "attention",
}
_SORT: Final[dict[str, str]] = {
    "name": "by_name",
    "last_run": "by_last_run",
    "runs": "runs_7d",
    "failures": "failed_7d",
}


_ABOUT: Final = """exists (
    select from app.draft d join app.rule r on r.id = d.rule_id left join app.version v on v.id = r.live_version_id
    where d.rule_id = line.id and jsonb_path_exists(coalesce(v.document, d.document)::jsonb,
      '$.nodes[*] ? (@.kind == "trigger" && @.connection == $connection && @.table == $table)',
      jsonb_build_object('connection', cast(:about_connection as text), 'table', cast(:about_table as text))))"""


def _rule(row: Row[Any]) -> RuleRow:
    drift = msgspec.json.decode(row.drift or "[]")
    document = msgspec.json.decode(row.document)
    paused = None if row.paused is None else msgspec.json.decode(row.paused)
    return msgspec.convert({**row._mapping, "document": document, "drift": drift, "paused": paused}, RuleRow)


async def list_rules(
    conn: AsyncConnection,
    *,
    search: str = "",
    status: RuleStatus = "all",
    sort: RuleSort = "name",
    archived: bool = False,
    about: str | None = None,
    cursor: str | None = None,
    limit: int = 25,
) -> Page[RuleRow]:
    """A page of rules, with the figures of the last 7 days. `search` looks in names.

    `about`: only rules whose live version (else draft) starts from this table, `connection schema.table`.
    """
    by = _SORT[sort.lstrip("-")]
    falling = sort.startswith("-")
    if by == "by_name":
        after_name = decode(cursor, tuple[str, int])
        place: tuple[str | int, int] | None = after_name
    else:
        after_number = decode(cursor, tuple[int, int])
        place = after_number
    beyond = "" if place is None else f"and ({by}, id) {'<' if falling else '>'} (:place, :place_id)"
    direction = "desc" if falling else "asc"
    values: dict[str, object] = {
        "archived": archived,
        "search": "%" + search.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%",
        "limit": limit + 1,
    }
    if place is not None:
        values |= {"place": place[0], "place_id": place[1]}
    on_table = "" if about is None else f"and {_ABOUT}"
    if about is not None:
        values |= dict(zip(("about_connection", "about_table"), about.split(" ", 1), strict=True))
    rows = (
        await conn.execute(
            text(f"""{_LINES}
                select *, {by} as sort_key from line
                where archived = :archived and name ilike :search and {_STATUS[status]} {on_table} {beyond}
                order by {by} {direction}, id {direction} limit :limit
            """),
            values,
        )
    ).all()
    return page(rows, limit, lambda row: (row.sort_key, row.id)).map(_rule)


async def rule_row(conn: AsyncConnection, rule_id: RuleId) -> RuleRow:
    """NotFound where there is none."""
    row = (
        await conn.execute(text(f"{_LINES} select * from line where id = :id"), {"id": rule_id})
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no rule {rule_id}.")
    return _rule(row)


async def rule_named(conn: AsyncConnection, name: str) -> RuleId | None:
    """The oldest rule of this name that is not archived."""
    found = await conn.execute(
        text("select id from app.rule where name = :name and archived_at is null order by id limit 1"),
        {"name": name},
    )
    value = found.scalar_one_or_none()
    return None if value is None else RuleId(value)


async def counts(conn: AsyncConnection) -> Counts:
    row = await conn.execute(
        text(f"""{_LINES}
            select count(*) as all, count(*) filter (where enabled) as on,
              count(*) filter (where has_draft) as draft, count(*) filter (where attention) as attention,
              coalesce(sum(runs_7d), 0)::bigint as runs_7d
            from line where not archived
        """)
    )
    return msgspec.convert(dict(row.one()._mapping), Counts)


async def attention(conn: AsyncConnection, *, limit: int = 10) -> list[Attention]:
    """Rules that hold runs, then those that no longer fit a table, then those that failed in the last 24 hours.

    The worst first, each with its last failure.
    """
    rows = await conn.execute(
        text(f"""
            with {_LATELY}
            select r.id as rule_id, r.name, coalesce(b.failed, 0) as failed_24h,
              coalesce(z.reason, x.error, '') as reason, x.fault::text as fault,
              coalesce(z.problems, '[]')::text as drift, x.id as run_id, coalesce(f.held, 0) as held
            from app.rule r
            left join troubled b on b.rule_id = r.id
            left join lateral (
              select id, error, fault from app.run
              where b.rule_id is not null and rule_id = r.id and state = 'failed' and parent_run is null
              order by id desc limit 1) x on true
            left join app.drift z on z.rule_id = r.id
            left join app.fuse f on f.rule_id = r.id and f.held > 0
            where r.archived_at is null
              and (b.rule_id is not null or z.rule_id is not null or f.rule_id is not null)
            order by f.held desc nulls last, z.rule_id is null, b.failed desc nulls last, r.id limit :limit
        """),
        {"limit": limit},
    )
    return [
        msgspec.convert(
            {
                **row._mapping,
                "fault": None if row.fault is None else msgspec.json.decode(row.fault),
                "drift": msgspec.json.decode(row.drift),
            },
            Attention,
        )
        for row in rows
    ]


async def create_rule(
    conn: AsyncConnection, *, name: str, document: JSONObject, layout: JSONObject, by: AccountId | None
) -> RuleId:
    """A new rule: a draft, off."""
    made = await conn.execute(
        text("insert into app.rule (name, created_by) values (:name, :by) returning id"),
        {"name": name, "by": by},
    )
    rule_id = RuleId(made.scalar_one())
    await conn.execute(
        text(f"""
            insert into app.draft (rule_id, document, layout, saved_by)
            values (:id, {AS_WRITTEN}, cast(cast(:layout as text) as jsonb), :by)
        """),
        {
            "id": rule_id,
            "document": msgspec.json.encode(document).decode(),
            "layout": msgspec.json.encode(layout).decode(),
            "by": by,
        },
    )
    return rule_id


async def made_at(conn: AsyncConnection, rule_id: RuleId) -> datetime:
    found = await conn.execute(text("select created_at from app.rule where id = :id"), {"id": rule_id})
    at: datetime = found.scalar_one()
    return at


async def set_archived(conn: AsyncConnection, rule_id: RuleId, archived: bool) -> None:
    """Archived rules leave the lists. Switch the rule off first."""
    await conn.execute(
        text("""
            update app.rule set updated_at = now(),
              archived_at = case when cast(:archived as boolean) then coalesce(archived_at, now()) end
            where id = :id
        """),
        {"id": rule_id, "archived": archived},
    )
