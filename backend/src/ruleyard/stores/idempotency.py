"""Answers kept by Idempotency-Key, so that a client may repeat a request without repeating what it did."""

from __future__ import annotations

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.errors import Invalid


class KeptAnswer(msgspec.Struct, frozen=True):
    status: int
    body: bytes


async def kept_answer(
    conn: AsyncConnection, *, caller: str, key: str, request_hash: bytes
) -> KeptAnswer | None:
    """The answer given before; None the first time. Holds the key's lock until the transaction ends.

    Invalid when the key was used for another request.
    """
    await conn.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:lock, 73))"), {"lock": f"{caller}\n{key}"}
    )
    row = (
        await conn.execute(
            text("""
                select request_hash, status, body from app.idempotency
                where caller = :caller and key = :key and created_at > now() - interval '1 day'
            """),
            {"caller": caller, "key": key},
        )
    ).one_or_none()
    if row is None:
        return None
    if bytes(row.request_hash) != request_hash:
        raise Invalid(
            "This Idempotency-Key was used for another request. Use a new one.", code="idempotency-key-reused"
        )
    return KeptAnswer(row.status, bytes(row.body))


async def keep_answer(
    conn: AsyncConnection, *, caller: str, key: str, request_hash: bytes, status: int, body: bytes
) -> None:
    """Keeps an answer for a day, in the transaction that did the work."""
    await conn.execute(text("delete from app.idempotency where created_at < now() - interval '1 day'"))
    await conn.execute(
        text("""
            insert into app.idempotency (caller, key, request_hash, status, body)
            values (:caller, :key, :hash, :status, :body)
        """),
        {"caller": caller, "key": key, "hash": request_hash, "status": status, "body": body},
    )
