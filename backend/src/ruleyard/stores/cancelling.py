"""What cancelling means in SQL, for one run and for many. Who is meant, and why, is said where it is used."""

from __future__ import annotations

from typing import Final

CANCELLED: Final = """
    state = 'cancelled', attempt = attempt + 1, finished_at = clock_timestamp(),
    wake_at = null, leased_by = null, lease_until = null
"""
"""Set on a row of app.run. With another attempt its worker is fenced off."""

LEFT_OPEN: Final = """
    left_open as (
      update app.step s set state = 'skipped', finished_at = clock_timestamp(), until = null
      from cancelled r
      where s.run_id = r.id and s.event_on = r.event_on and s.shelf = r.shelf and s.state in ('running', 'waiting')
      returning s.id, s.event_on, s.shelf
    ), tried as (
      update app.attempt a set outcome = 'unknown', finished_at = clock_timestamp()
      from left_open l
      where a.step_id = l.id and a.event_on = l.event_on and a.shelf = l.shelf and a.outcome = 'running'
    ), unawaited as (
      delete from app.awaited a using cancelled r where a.run_id = r.id
    )
"""
"""After a `cancelled` that returns id, event_on and shelf of runs: their steps end, what was tried is not known, and
nothing is waited for any more."""
