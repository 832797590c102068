"""A standby takes over: it is read on when it has all that was read, and asked about when it has not or may not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.bells import Bells
from ruleyard.core.types import ConnectionId
from ruleyard.embedded import PostgresServer
from ruleyard.settings import Settings
from ruleyard.stores.connections import Watched, connection, update_connection
from ruleyard.stores.db import transaction
from support.processes import reachable_folder, removed
from support.proxy import Proxy
from support.shops import ReadShop, open_shop
from support.standby import FOLLOWED, followed, make_standby, promote


@dataclass
class Pair(ReadShop):
    """A shop whose address is that of whoever is the primary."""

    standby: PostgresServer
    proxy: Proxy

    def take_over(self) -> None:
        """From now on the address leads to the other server, as a virtual address or a balancer does."""
        self.server.stop()
        self.server, self.standby = self.standby, self.server
        self.proxy.target = ("127.0.0.1", self.server.port)


@pytest.fixture
def servers() -> Iterator[tuple[PostgresServer, PostgresServer]]:
    with removed(reachable_folder("ruleyard-standby-")) as folder:
        primary = PostgresServer(folder / "one", crash_safe=False, more=FOLLOWED)
        primary.start()
        standby = make_standby(primary, folder / "two")
        standby.start()
        yield primary, standby
        standby.stop()
        primary.stop()


@pytest.fixture
async def pair(
    servers: tuple[PostgresServer, PostgresServer],
    engine: AsyncEngine,
    settings: Settings,
    watched: Watched,
    bells: Bells,
) -> AsyncIterator[Pair]:
    primary, standby = servers
    shop = await open_shop(primary, engine, settings, watched)
    async with Proxy("127.0.0.1", primary.port) as proxy:
        async with transaction(engine) as own:
            stored = await connection(own, ConnectionId(int(shop.log)))
            public = {**stored.settings, "port": proxy.port}
            await update_connection(own, settings, stored.id, public=public)
        await watched.close()
        yield Pair(primary, shop.log, engine, watched, settings, bells, standby, proxy)


async def test_a_standby_that_has_all_that_was_read_is_read_on_without_a_question(pair: Pair) -> None:
    await pair.order(1, 2)
    assert await pair.read() == [1, 2]
    await followed(pair.server, pair.standby)
    pair.take_over()
    await promote(pair.server)
    await pair.order(3)
    assert await pair.codes() == []
    assert await pair.read() == [1, 2, 3]
    await pair.order(4)
    assert await pair.read() == [1, 2, 3, 4]
    assert await pair.causes() == []


async def test_a_standby_that_lacks_what_was_read_is_asked_about_and_nothing_is_lost_or_repeated(
    pair: Pair,
) -> None:
    """Numbers of transactions and ids are given out again: what took them would look as if it had been read.

    The standby starts once the primary has stopped: a primary sends all it has to the standbys it sees before it ends.
    """
    await pair.order(1)
    assert await pair.read() == [1]
    await followed(pair.server, pair.standby)
    pair.standby.stop()
    await pair.order(2, 3, 4, 5)
    assert await pair.read() == [1, 2, 3, 4, 5]
    pair.take_over()
    pair.server.start()
    await promote(pair.server)
    later = [*range(11, 31)]
    await pair.order(*later)
    assert await pair.read() == [1, 2, 3, 4, 5]
    assert await pair.codes() == ["log-replaced"]
    async with pair.connected() as conn:
        first = int(await conn.fetchval("select id from ruleyard.event where key = '{\"id\": 11}'"))
    went = await pair.go_on(since=first)
    assert went.to_read == len(later)
    assert await pair.read() == [1, 2, 3, 4, 5, *later]
    assert (await pair.codes(), await pair.causes()) == ([], ["restored"])


@pytest.mark.parametrize("read", [[1], []], ids=["read", "never read"])
async def test_a_standby_that_was_started_again_after_it_took_over_cannot_prove_it(
    pair: Pair, read: list[int]
) -> None:
    """It forgot how far it had replayed: nobody can say whether all is there, so somebody is asked."""
    await pair.order(*read)
    if read:
        assert await pair.read() == read
    await followed(pair.server, pair.standby)
    pair.take_over()
    await promote(pair.server)
    pair.server.stop()
    pair.server.start()
    pair.proxy.target = ("127.0.0.1", pair.server.port)
    await pair.order(2)
    assert await pair.read() == read
    assert await pair.codes() == ["log-replaced"]
    assert (await pair.go_on()).to_read == 0
    await pair.order(3)
    assert await pair.read() == [*read, 3]
