"""Back-tests: try a draft on what really happened. A worker judges; this asks, tells and cancels."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, delete, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from ruleyard.api.backtesting import backtest_info, start_backtest, whole_matches
from ruleyard.api.given import OurHouse, TheCaller
from ruleyard.api.lists import Cursor, Limit
from ruleyard.api.shapes.backtests import (
    BacktestInfo,
    BacktestMatchPage,
    BacktestPage,
    StartBacktest,
    StartedBacktest,
)
from ruleyard.core.backtest import MatchKind
from ruleyard.core.types import RuleId
from ruleyard.stores import backtests
from ruleyard.stores.db import transaction
from ruleyard.stores.pages import decode, page


class BacktestsController(Controller):
    path = "/backtests"
    tags = ("backtests",)

    @post(
        opt={"role": "editor"},
        status_code=202,
        summary="Try a rule on the stored history; nothing is performed",
    )
    async def start_backtest(
        self, house: OurHouse, caller: TheCaller, data: JSONBody[StartBacktest]
    ) -> StartedBacktest:
        async with transaction(house.engine) as conn:
            made = await start_backtest(house, conn, data, caller.account_id)
        await house.bells.ring_chore("backtest", made)
        return StartedBacktest(made)

    @get(opt={"role": "editor"}, summary="A rule's back-tests of the last week, newest first")
    async def list_backtests(
        self, house: OurHouse, rule_id: FromQuery[int], cursor: Cursor = None, limit: Limit = 25
    ) -> BacktestPage:
        before = decode(cursor, tuple[int])
        async with transaction(house.engine) as conn:
            rows = await backtests.list_backtests(
                conn, RuleId(rule_id), before=before[0] if before else None, limit=limit + 1
            )
        found = page(rows, limit, lambda row: (row.id,))
        return BacktestPage(tuple(backtest_info(row) for row in found.items), found.next)

    @get("/{backtest_id:int}", opt={"role": "editor"}, summary="How far a back-test is, and what it found")
    async def read_backtest(self, house: OurHouse, backtest_id: FromPath[int]) -> BacktestInfo:
        async with transaction(house.engine) as conn:
            return backtest_info(await backtests.backtest(conn, backtest_id))

    @get("/{backtest_id:int}/matches", opt={"role": "editor"}, summary="The events of one kind, newest first")
    async def list_matches(
        self,
        house: OurHouse,
        backtest_id: FromPath[int],
        kind: Annotated[
            MatchKind,
            QueryParameter(
                description="new and lost: beside the version compared with; nearly: one short; rest: all not run"
            ),
        ] = "fired",
        cursor: Cursor = None,
        limit: Limit = 25,
    ) -> BacktestMatchPage:
        before = decode(cursor, tuple[int])
        async with transaction(house.engine) as conn:
            row = await backtests.backtest(conn, backtest_id)
            rows = await backtests.list_matches(
                conn, backtest_id, kind, before=before[0] if before else None, limit=limit + 1
            )
        found = page(rows, limit, lambda match: (match.event_id,))
        return BacktestMatchPage(await whole_matches(house, row, found.items), found.next)

    @delete("/{backtest_id:int}", opt={"role": "editor"}, status_code=204, summary="Cancel a back-test")
    async def cancel_backtest(self, house: OurHouse, backtest_id: FromPath[int]) -> None:
        async with transaction(house.engine) as conn:
            await backtests.backtest(conn, backtest_id)
            await backtests.cancel_backtest(conn, backtest_id)
