"""What a part is given: the servers, a place to say what happens, and what the machine itself can do, asked once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import asyncpg

from pipeline import bare
from pipeline.house import Ground
from pipeline.load import LoadMeter


@dataclass
class Bench:
    ground: Ground
    say: Callable[[str], None]
    meter: LoadMeter = field(default_factory=LoadMeter)
    _known: dict[str, tuple[float, ...]] = field(default_factory=dict)

    def loaded(self, what: str) -> None:
        self.say(f"  {what}: {self.meter.since().words()}")

    async def notify_ms(self) -> tuple[float, ...]:
        """Median and 99th."""
        if "notify" not in self._known:
            self._known["notify"] = await bare.notify_ms(self.ground.postgres.url())
        return self._known["notify"]

    async def creates_a_second(self, clients: int) -> float:
        """Single inserts, each in a transaction of its own, into a table that nobody watches."""
        name = f"creates {clients}"
        if name not in self._known:
            crm = self.ground.new_crm_database()
            url = self.ground.postgres.url(database=crm)
            admin = await asyncpg.connect(url)
            await admin.execute(
                "insert into public.leads (first_name) select 'Ada' from generate_series(1, 1000)"
            )
            await admin.close()
            rate = await bare.pgbench(
                url, self.ground.folder, bare.CREATE, clients=clients, seconds=2, records=1000
            )
            self._known[name] = (rate,)
        return self._known[name][0]
