"""A database that was restored from an older copy, or made anew: it is noticed, asked about, and nothing is silent."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.bells import Bells
from ruleyard.core.errors import Conflict, Unavailable
from ruleyard.core.types import ConnectionId
from ruleyard.embedded import PostgresServer
from ruleyard.intake.going_on import WentOn
from ruleyard.intake.watching import start_watch
from ruleyard.settings import Settings
from ruleyard.stores.connections import Watched
from support.processes import reachable_folder, removed
from support.shops import ReadShop, open_shop


@dataclass
class Restorable(ReadShop):
    """A shop that can be put back to an older copy."""

    def copy(self) -> Path:
        """Of the stopped data folder, as a file system snapshot or pg_basebackup leaves it."""
        self.server.stop()
        kept = self.server.folder.with_name("kept")
        shutil.copytree(self.server.folder, kept, symlinks=True)
        give(kept, self.server.folder)
        self.server.start()
        return kept

    def restore(self, kept: Path) -> None:
        self.server.stop()
        shutil.rmtree(self.server.folder)
        kept.rename(self.server.folder)
        self.server.start()


def give(folder: Path, like: Path) -> None:
    """The copy belongs to whom the original belongs to: the server refuses to start otherwise."""
    for one in (folder, *folder.rglob("*")):
        owner = (
            (like / one.relative_to(folder)).lstat()
            if (like / one.relative_to(folder)).exists()
            else like.stat()
        )
        shutil.chown(one, owner.st_uid, owner.st_gid)


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    with removed(reachable_folder("ruleyard-restore-")) as folder:
        server = PostgresServer(folder / "postgres", crash_safe=False)
        server.start()
        yield server
        server.stop()


@pytest.fixture
async def shop(
    server: PostgresServer, engine: AsyncEngine, settings: Settings, watched: Watched, bells: Bells
) -> Restorable:
    made = await open_shop(server, engine, settings, watched)
    return Restorable(made.server, made.log, engine, watched, settings, bells)


async def restored(shop: Restorable) -> int:
    """Order 1 is in the copy; 2 to 5 were read and are lost; 11 and 12 came after it was put back. The id of 11."""
    await shop.order(1)
    assert await shop.read() == [1]
    kept = shop.copy()
    await shop.order(2, 3, 4, 5)
    assert await shop.read() == [1, 2, 3, 4, 5]
    shop.restore(kept)
    await shop.order(11, 12)
    async with shop.connected() as conn:
        return int(await conn.fetchval("select id from ruleyard.event where key = '{\"id\": 11}'"))


async def test_an_older_copy_is_noticed_and_nothing_is_read_until_somebody_says_how(shop: Restorable) -> None:
    await restored(shop)
    assert await shop.read() == [1, 2, 3, 4, 5]
    assert await shop.codes() == ["log-replaced"]


async def test_going_on_from_now_skips_what_came_meanwhile_and_says_so(shop: Restorable) -> None:
    await restored(shop)
    assert await shop.go_on() == WentOn(0, 0)
    assert await shop.codes() == []
    assert await shop.causes() == ["restored"]
    await shop.order(*range(21, 30))
    assert await shop.read() == [1, 2, 3, 4, 5, *range(21, 30)], "no id is given out that an old run knows"


async def test_reading_everything_since_an_id_misses_nothing_that_took_an_old_id(shop: Restorable) -> None:
    first = await restored(shop)
    went = await shop.go_on(since=first)
    assert went == WentOn(2, 2), "11 and 12 have the ids of 2 and 3, which have runs"
    assert await shop.read() == [1, 2, 3, 4, 5, 11, 12]
    await shop.order(13)
    assert await shop.read() == [1, 2, 3, 4, 5, 11, 12, 13]
    assert await shop.causes() == ["restored"]


async def test_reading_everything_from_the_beginning_repeats_no_run(shop: Restorable) -> None:
    await restored(shop)
    assert await shop.go_on(since=0) == WentOn(3, 2)
    assert await shop.read() == [1, 2, 3, 4, 5, 11, 12], "order 1 is the change that has a run already"


async def test_a_database_made_anew_asks_to_be_watched_again_which_leaves_a_gap(shop: Restorable) -> None:
    await shop.order(1)
    assert await shop.read() == [1]
    async with shop.connected() as conn:
        await conn.execute(
            "drop schema ruleyard cascade; drop table orders; create table orders (id int primary key)"
        )
    assert await shop.codes() == ["trigger-gone"]
    with pytest.raises(Unavailable, match="Watch its tables again"):
        await shop.go_on()
    await start_watch(
        shop.engine, shop.watched, connection_id=ConnectionId(int(shop.log)), table="public.orders"
    )
    assert await shop.codes() == []
    await shop.order(1)
    assert await shop.read() == [1, 1]
    assert "restored" in await shop.causes()


async def test_a_log_that_is_the_one_that_was_read_has_nothing_to_answer(shop: Restorable) -> None:
    with pytest.raises(Conflict, match="it is being read"):
        await shop.go_on()
