"""What takes room on the disk, how fast it grows, and how long it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from litestar import Controller, get

from ruleyard.api.given import OurHouse
from ruleyard.api.shapes.storage import Storage, StoredKind, StoredLog
from ruleyard.core.types import OWN_LOG
from ruleyard.intake.listener import KEEP_DAYS
from ruleyard.stores import run_counts, storage, tidying
from ruleyard.stores.backtests import KEPT_DAYS
from ruleyard.stores.db import transaction
from ruleyard.stores.live import connection_names
from ruleyard.stores.log_health import every_log_health

_DAYS: Final[Mapping[storage.Kind, int]] = {
    "figures": run_counts.KEEP_DAYS,
    "backtests": KEPT_DAYS,
    "notifications": tidying.NOTIFICATION_DAYS,
}


class StorageController(Controller):
    path = "/storage"
    tags = ("insight",)

    @get(opt={"role": "viewer"}, summary="What takes room, how fast it grows, how long it is kept")
    async def read_storage(self, house: OurHouse) -> Storage:
        """Runs, steps and attempts that ended well go after `keep_runs_days`, failed ones after `keep_failed_days`."""
        held = house.settings
        async with transaction(house.engine) as conn:
            rooms = await storage.rooms(conn)
            next_to_go = await storage.next_to_go(conn, held.keep_runs_days)
            whole = await storage.database_bytes(conn)
            names = {OWN_LOG: "", **await connection_names(conn)}
            logs = await every_log_health(conn)
        runs = held.keep_runs_days
        days: dict[storage.Kind, int] = {"runs": runs, "steps": runs, "attempts": runs, **_DAYS}
        return Storage(
            database_bytes=whole,
            keep_runs_days=held.keep_runs_days,
            keep_failed_days=held.keep_failed_days,
            kinds=tuple(
                StoredKind(one.kind, one.size_bytes, one.growth_bytes, days.get(one.kind)) for one in rooms
            ),
            logs=tuple(
                StoredLog(
                    log,
                    names[log],
                    one.size_bytes,
                    one.growth_bytes,
                    one.oldest_on,
                    KEEP_DAYS,
                    held.log_max_gb * 2**30,
                )
                for log, one in sorted(logs.items())
                if log in names
            ),
            next=next_to_go,
        )
