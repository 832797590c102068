"""Working calendars as rows: list, make, change, remove, and which rules keep them.

Rules name a calendar by its name, so a name that is used stays. Knows the table `app.calendar`; judges nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.calendars import Calendar, Calendars
from ruleyard.core.errors import Conflict, NotFound
from ruleyard.core.types import AccountId, RuleId

MOST: Final = 200


class CalendarRow(msgspec.Struct, frozen=True):
    id: int
    calendar: Calendar
    is_default: bool
    etag: int
    changed_at: datetime
    changed_by_id: AccountId | None
    changed_by_name: str | None


class CalendarChanged(Conflict):
    """Somebody else changed the calendar since it was read. `current` is theirs."""

    code = "calendar-changed"

    def __init__(self, current: CalendarRow) -> None:
        who = current.changed_by_name or "Somebody else"
        super().__init__(f"{who} changed this calendar in the meantime. Look at it again, then save.")
        self.current = current


_ROWS: Final = """
    select c.id, c.name, c.spec::text as spec, c.is_default, c.etag, c.changed_at,
      a.id as changed_by_id, a.name as changed_by_name
    from app.calendar c left join app.account a on a.id = c.changed_by
"""


def _row(row: Row[Any]) -> CalendarRow:
    spec = msgspec.json.decode(row.spec) | {"name": row.name}
    return CalendarRow(
        row.id,
        msgspec.convert(spec, Calendar),
        row.is_default,
        row.etag,
        row.changed_at,
        row.changed_by_id,
        row.changed_by_name,
    )


def _spec(calendar: Calendar) -> str:
    spec = msgspec.to_builtins(calendar)
    del spec["name"]
    return msgspec.json.encode(spec).decode()


async def list_calendars(conn: AsyncConnection) -> list[CalendarRow]:
    """By name."""
    rows = await conn.execute(text(f"{_ROWS} order by lower(c.name)"))
    return [_row(row) for row in rows]


async def all_calendars(conn: AsyncConnection) -> Calendars:
    """Every calendar, ready to be asked."""
    rows = await list_calendars(conn)
    default = next((one.calendar.name for one in rows if one.is_default), None)
    return Calendars({one.calendar.name: one.calendar for one in rows}, default)


async def calendars_stamp(conn: AsyncConnection) -> tuple[object, ...]:
    """Changes whenever a calendar is made, changed or removed."""
    row = await conn.execute(
        text(
            "select count(*) as many, max(changed_at) as at, max(id) as last, sum(etag) as sum from app.calendar"
        )
    )
    return tuple(row.one())


async def calendar_row(conn: AsyncConnection, calendar_id: int, *, lock: bool = False) -> CalendarRow:
    """NotFound where there is none."""
    wanted = f"{_ROWS} where c.id = :id {'for update of c' if lock else ''}"
    row = (await conn.execute(text(wanted), {"id": calendar_id})).one_or_none()
    if row is None:
        raise NotFound(f"There is no calendar {calendar_id}.")
    return _row(row)


async def calendar_named(conn: AsyncConnection, name: str) -> Calendar | None:
    row = (await conn.execute(text(f"{_ROWS} where c.name = :name"), {"name": name})).one_or_none()
    return None if row is None else _row(row).calendar


async def create_calendar(
    conn: AsyncConnection, calendar: Calendar, *, by: AccountId | None, default: bool
) -> CalendarRow:
    """The first one is the workspace's, and so is one that says it is. Conflict where the name is taken."""
    count = (await conn.execute(text("select count(*) from app.calendar"))).scalar_one()
    if count >= MOST:
        raise Conflict(
            f"There are {MOST} calendars already. Remove one that nobody uses.", code="too-many-calendars"
        )
    default = default or count == 0
    if default:
        await _no_default(conn)
    made = await _written(
        conn,
        """
        insert into app.calendar (name, spec, is_default, changed_by)
        values (:name, cast(cast(:spec as text) as jsonb), :default, :by) returning id
        """,
        {"name": calendar.name, "spec": _spec(calendar), "default": default, "by": by},
    )
    return await calendar_row(conn, made)


async def change_calendar(
    conn: AsyncConnection,
    calendar_id: int,
    calendar: Calendar,
    *,
    etag: int | None,
    by: AccountId | None,
    default: bool,
) -> CalendarRow:
    """Where it is still the one with this etag (None: whatever it is); CalendarChanged otherwise."""
    current = await calendar_row(conn, calendar_id, lock=True)
    if etag is not None and etag != current.etag:
        raise CalendarChanged(current)
    if default and not current.is_default:
        await _no_default(conn)
    await _written(
        conn,
        """
        update app.calendar set name = :name, spec = cast(cast(:spec as text) as jsonb), is_default = :default,
          etag = etag + 1, changed_at = clock_timestamp(), changed_by = :by
        where id = :id returning id
        """,
        {"id": calendar_id, "name": calendar.name, "spec": _spec(calendar), "default": default, "by": by},
    )
    await look_again(conn)
    return await calendar_row(conn, calendar_id)


async def look_again(conn: AsyncConnection) -> None:
    """Whatever waits for the hours of a calendar goes on, or waits for its new hours: gates and single runs."""
    await conn.execute(
        text("update app.gate set look_at = clock_timestamp() where hours and look_at is not null")
    )
    await conn.execute(
        text("""
            update app.run set wake_at = clock_timestamp()
            where state = 'waiting' and wake_at > clock_timestamp() and fault ->> 'code' = 'outside-hours'
              and fault -> 'args' ->> 'calendar' <> ''
        """)
    )


async def remove_calendar(conn: AsyncConnection, calendar_id: int) -> None:
    await conn.execute(text("delete from app.calendar where id = :id"), {"id": calendar_id})


async def _no_default(conn: AsyncConnection) -> None:
    await conn.execute(text("update app.calendar set is_default = false where is_default"))


async def _written(conn: AsyncConnection, sql: str, values: dict[str, object]) -> int:
    try:
        async with conn.begin_nested():
            return int((await conn.execute(text(sql), values)).scalar_one())
    except IntegrityError as error:
        raise Conflict(f'There is a calendar "{values["name"]}" already.', code="name-taken") from error


async def rules_keeping(conn: AsyncConnection, names: Sequence[str]) -> dict[str, list[tuple[RuleId, str]]]:
    """By calendar the rules, not archived, that name it in their draft or live version: id and name, by name."""
    found = await conn.execute(
        text("""
            select distinct w.document #>> '{policy,hours,calendar}' as calendar, lower(r.name) as place, r.id, r.name
            from app.rule r
            join app.draft d on d.rule_id = r.id
            left join app.version v on v.id = r.live_version_id
            cross join lateral (values (d.document::jsonb), (v.document::jsonb)) w(document)
            where r.archived_at is null
              and w.document #>> '{policy,hours,calendar}' = any(cast(:names as text[]))
            order by place, r.id
        """),
        {"names": [*names]},
    )
    using: dict[str, list[tuple[RuleId, str]]] = {name: [] for name in names}
    for row in found:
        using[row.calendar].append((RuleId(row.id), row.name))
    return using


async def rules_counting_by_default(conn: AsyncConnection) -> list[tuple[RuleId, str]]:
    """Rules, not archived, that count working days and keep no hours of their own."""
    found = await conn.execute(
        text("""
            select distinct lower(r.name) as place, r.id, r.name
            from app.rule r
            join app.draft d on d.rule_id = r.id
            left join app.version v on v.id = r.live_version_id
            cross join lateral (values (d.document::jsonb), (v.document::jsonb)) w(document)
            where r.archived_at is null and w.document #> '{policy,hours}' is null
              and (jsonb_path_exists(w.document, '$.nodes[*] ? (@.on == "date" && @.unit == "working_days")')
                or jsonb_path_exists(w.document, '$.nodes[*].schedule.days_off ? (@ != "run")'))
            order by place, r.id
        """)
    )
    return [(RuleId(row.id), row.name) for row in found]
