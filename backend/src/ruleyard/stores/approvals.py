"""Questions for approval: opened once per run and node, answered once, listed for those who are asked.

Knows app.approval and app.approver; the run rests by `stores/awaited.py`, which is told of the answer. A question's row
is locked before its run's. Mails and links are for `stores/approval_mails.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.clock import utc_text
from ruleyard.core.approval import Choice, CommentRule, Span, Standing
from ruleyard.core.awaiting import Answer
from ruleyard.core.types import REFUSED, AccountId, JSONObject, NodeId, RuleId, RunId
from ruleyard.stores.pages import Page, decode, page

Which = Literal["open", "done", "all"]


class Person(msgspec.Struct, frozen=True):
    """Somebody who is asked. `account_id` is None for an address that has no account."""

    email: str
    name: str
    language: str
    account_id: AccountId | None = None


class Approval(msgspec.Struct, frozen=True):
    """One question as it stands. `asked`: who may answer; `answered_name` is who did."""

    id: int
    run_id: RunId
    node: NodeId
    rule_id: RuleId
    rule_name: str
    question: str
    details: str
    comment: CommentRule
    mailed_by: str | None
    asked_at: datetime
    until: datetime
    called: int
    standing: Standing
    answered_by: str | None
    answered_name: str | None
    by_link: bool
    for_others: bool
    answer_comment: str
    answered_at: datetime | None
    asked: tuple[str, ...]
    mine: bool
    troubles: tuple[str, ...]


class Opening(msgspec.Struct, frozen=True):
    run_id: RunId
    node: NodeId
    rule_id: RuleId
    question: str
    details: str
    comment: CommentRule
    mailed_by: str | None
    at_most_s: int
    remind: Span | None
    people: tuple[Person, ...]


STANDING: Final = """case when a.answer is not null then a.answer when r.state = 'cancelled' then 'cancelled'
    when a.until <= clock_timestamp() then 'late' when r.state in ('queued', 'running', 'waiting') then 'open'
    else 'cancelled' end"""
"""SQL over `a` (the question) and `r` (its run, where it is there yet)."""
ITS_RUN: Final = "left join app.run r on r.id = a.run_id and r.event_on = a.event_on"
IS_OPEN: Final = """(a.answer is null and a.until > clock_timestamp()
    and r.state in ('queued', 'running', 'waiting'))"""

_APPROVAL: Final = f"""
    select a.id, a.run_id, a.node_id as node, a.rule_id, u.name as rule_name, a.question, a.details, a.comment,
      a.mailed_by, a.asked_at, a.until, a.called, {STANDING} as standing, a.answered_by, a.answered_name, a.by_link,
      a.for_others, a.answer_comment, a.answered_at,
      array(select p.name from app.approver p where p.approval_id = a.id order by p.id) as asked,
      exists (select from app.approver p where p.approval_id = a.id
        and p.account_id = cast(:account as bigint)) as mine,
      array(select distinct m.error from app.approver p join app.approval_mail m on m.approver_id = p.id
        where p.approval_id = a.id and m.state in ('refused', 'again') and m.error <> '' limit 3) as troubles
    from app.approval a join app.rule u on u.id = a.rule_id {ITS_RUN}
"""


def answer_of(one: Approval) -> Answer | None:
    """What its run goes on with; None where nobody answered."""
    if one.answered_at is None or one.standing not in ("approved", "refused"):
        return None
    output: JSONObject = {
        "answer": one.standing,
        "by": one.answered_by,
        "comment": one.answer_comment or None,
        "at": utc_text(one.answered_at),
    }
    return Answer(REFUSED if one.standing == "refused" else None, output)


async def people_named(conn: AsyncConnection, names: Sequence[str], run_id: RunId) -> tuple[Person, ...]:
    """The people that addresses, roles and `everyone` mean, each once. Whoever has no account is written to in the
    language of whoever published the rule, which is that of its question as a rule."""
    rows = await conn.execute(
        text("""
            select id, email, name, language from app.account where disabled_at is null
              and ('everyone' = any(cast(:names as text[])) or role = any(cast(:names as text[]))
                or lower(email) = any(cast(:small as text[])))
            order by id
        """),
        {"names": list(names), "small": [name.lower() for name in names]},
    )
    found = {row.email.lower(): Person(row.email, row.name, row.language, AccountId(row.id)) for row in rows}
    strangers = [name for name in names if "@" in name and name.lower() not in found]
    language = await language_of(conn, run_id) if strangers else ""
    for name in strangers:
        found.setdefault(name.lower(), Person(name, name, language))
    return tuple(found.values())


async def language_of(conn: AsyncConnection, run_id: RunId) -> str:
    """Of whoever published the rule of a run."""
    found = await conn.execute(
        text("""
            select a.language from app.run r join app.version v on v.id = r.version_id
            join app.account a on a.id = v.published_by where r.id = :run
        """),
        {"run": run_id},
    )
    language: str | None = found.scalar_one_or_none()
    return language or "en"


async def open_approval(conn: AsyncConnection, asked: Opening) -> tuple[int, bool]:
    """Its number, and whether it was opened just now: a run asks at a node once."""
    made = await conn.execute(
        text("""
            insert into app.approval (run_id, node_id, event_on, rule_id, question, details, comment, mailed_by, until,
              remind_s, remind_times)
            select r.id, :node, r.event_on, :rule, :question, :details, :comment, :mailed_by,
              clock_timestamp() + make_interval(secs => :at_most), :remind_s, :remind_times
            from app.run r where r.id = :run
            on conflict (run_id, node_id) do nothing returning id
        """),
        {
            "run": asked.run_id,
            "node": asked.node,
            "rule": asked.rule_id,
            "question": asked.question,
            "details": asked.details,
            "comment": asked.comment,
            "mailed_by": asked.mailed_by,
            "at_most": float(asked.at_most_s),
            "remind_s": asked.remind.seconds if asked.remind else None,
            "remind_times": asked.remind.times if asked.remind else 0,
        },
    )
    opened = made.scalar_one_or_none()
    if opened is None:
        known = await conn.execute(
            text("select id from app.approval where run_id = :run and node_id = :node"),
            {"run": asked.run_id, "node": asked.node},
        )
        return int(known.scalar_one()), False
    await conn.execute(
        text("""
            insert into app.approver (approval_id, account_id, email, name, language)
            select :approval, n.account_id, n.email, n.name, n.language
            from jsonb_to_recordset(cast(cast(:people as text) as jsonb))
              as n(account_id bigint, email text, name text, language text)
        """),
        {"approval": opened, "people": msgspec.json.encode(asked.people).decode()},
    )
    return int(opened), True


async def approval(conn: AsyncConnection, approval_id: int, account: AccountId | None) -> Approval | None:
    """One, as this account sees it."""
    rows = await conn.execute(text(f"{_APPROVAL} where a.id = :id"), {"id": approval_id, "account": account})
    row = rows.one_or_none()
    return None if row is None else msgspec.convert(dict(row._mapping), Approval)


async def approval_of(conn: AsyncConnection, run_id: RunId, node: NodeId) -> Approval | None:
    """What a run asks, or asked, at a node."""
    rows = await conn.execute(
        text(f"{_APPROVAL} where a.run_id = :run and a.node_id = :node"),
        {"run": run_id, "node": node, "account": None},
    )
    row = rows.one_or_none()
    return None if row is None else msgspec.convert(dict(row._mapping), Approval)


_OF: Final[dict[Which, str]] = {
    "open": IS_OPEN,
    "done": f"not coalesce({IS_OPEN}, false)",
    "all": "true",
}


async def list_approvals(
    conn: AsyncConnection,
    account: AccountId | None,
    *,
    mine: bool,
    which: Which,
    run_id: int | None,
    cursor: str | None,
    limit: int,
) -> Page[Approval]:
    """Newest first. `mine`: those that this account is asked."""
    before = decode(cursor, tuple[int])
    rows = await conn.execute(
        text(f"""
            {_APPROVAL}
            where {_OF[which]}
              and (not :mine or exists (select from app.approver p where p.approval_id = a.id
                and p.account_id = cast(:account as bigint)))
              and (cast(:run as bigint) is null or a.run_id = cast(:run as bigint))
              and (cast(:before as bigint) is null or a.id < cast(:before as bigint))
            order by a.id desc limit :limit
        """),
        {
            "account": account,
            "mine": mine,
            "run": run_id,
            "before": before[0] if before else None,
            "limit": limit + 1,
        },
    )
    found = [msgspec.convert(dict(row._mapping), Approval) for row in rows]
    return page(found, limit, lambda one: (one.id,))


async def count_mine(conn: AsyncConnection, account: AccountId) -> int:
    """How many questions wait for this account."""
    found = await conn.execute(
        text(f"""
            select count(*) from app.approver p join app.approval a on a.id = p.approval_id {ITS_RUN}
            where p.account_id = :account and {IS_OPEN}
        """),
        {"account": account},
    )
    return int(found.scalar_one())


async def lock(conn: AsyncConnection, approval_id: int) -> None:
    """Until the transaction ends nobody else answers it."""
    await conn.execute(text("select from app.approval where id = :id for update"), {"id": approval_id})


async def keep_answer(
    conn: AsyncConnection,
    approval_id: int,
    choice: Choice,
    comment: str,
    *,
    by: str,
    name: str,
    by_link: bool,
    for_others: bool,
) -> datetime:
    """Writes the answer of one that is locked and open; when it was given."""
    kept = await conn.execute(
        text("""
            update app.approval set answer = :choice, answer_comment = :comment, answered_by = :by,
              answered_name = :name, by_link = :by_link, for_others = :for_others, answered_at = clock_timestamp()
            where id = :id and answer is null returning answered_at
        """),
        {
            "id": approval_id,
            "choice": choice,
            "comment": comment,
            "by": by,
            "name": name,
            "by_link": by_link,
            "for_others": for_others,
        },
    )
    at: datetime = kept.scalar_one()
    # Nobody needs to be told any more that they are asked.
    await conn.execute(
        text("""
            insert into app.notification_read (notification_id, account_id)
            select n.id, p.account_id from app.approver p
            join app.notification n on n.key = 'approval:' || p.approval_id || ':' || lower(p.email)
            where p.approval_id = :id and p.account_id is not null
            on conflict do nothing
        """),
        {"id": approval_id},
    )
    return at
