"""Whether a server still has all that was read from it, asked by SQL in that server's own terms.

A cursor remembers the server (its timeline and when it was started) and how far its log of changes (WAL) reached. The
same server, running on, has everything. One that was started since, or a standby that took over, says how far it
replayed: not to that place, and changes that were read are gone, while their numbers are given out again.
"""

from __future__ import annotations

from typing import Final

SERVER: Final = """
  left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) || ' ' || extract(epoch from pg_postmaster_start_time())
"""
PLACE: Final = "pg_current_wal_insert_lsn()"


def has_all(snapshot: str, server: str, place: str) -> str:
    """An SQL condition. The arguments are expressions of type text: of what a cursor remembers, '' where nothing.

    A place that is unknown, or a standby that was started again after it took over, proves nothing: false then for
    another timeline, true for the same one unless its numbers say otherwise.
    """
    read_to = f"nullif({place}, '')::pg_lsn"
    now, then = f"left({SERVER}, 8)", f"left({server}, 8)"
    return f"""(
      pg_snapshot_xmax(pg_current_snapshot()) >= pg_snapshot_xmax(({snapshot})::pg_snapshot)
      and coalesce({PLACE} >= {read_to}, true)
      and case
        when {server} in ('', {SERVER}) then true
        when {now} = {then} then coalesce(pg_last_wal_replay_lsn() >= {read_to}, true)
        when ('x' || {now})::bit(32)::bigint = ('x' || {then})::bit(32)::bigint + 1
          then coalesce(pg_last_wal_replay_lsn() >= {read_to}, false)
        else false
      end)"""
