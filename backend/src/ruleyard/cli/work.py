"""Judge changes and perform runs, as arq jobs. Start as many as there is work, on as many machines."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, ParamSpec, TypeVar

from ruleyard.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")

NAME = "work"
HELP = "judge changes, perform runs"
_DRAIN_S: Final = 22.0
"""For what runs; with the goodbyes the process has ended 25 s after SIGTERM."""


def arguments(parser: argparse.ArgumentParser) -> None:
    del parser


def run(args: argparse.Namespace) -> int:
    import uvloop

    from ruleyard.logs import configure_logs
    from ruleyard.settings import read_settings

    async def main(settings: Settings) -> None:
        from ruleyard.cli.stopping import stop_event

        await work(settings, stop=stop_event())

    settings = read_settings()
    configure_logs(settings.log_level)
    uvloop.run(main(settings))
    return 0


def excused(work: Callable[P, Awaitable[T]], nothing: T) -> Callable[P, Awaitable[T]]:
    """`work`, which says in one line that a database is away, and not where in it that was found out.

    `nothing` comes of it then: the next look asks again.
    """
    from ruleyard.logs import get_logger
    from ruleyard.stores.db import AWAY, passing

    async def excused(*args: P.args, **options: P.kwargs) -> T:
        try:
            return await work(*args, **options)
        except AWAY as error:
            if not passing(error):
                raise
            get_logger(__name__).warning("a database is away", reason=str(error).partition("\n")[0])
            return nothing

    return excused


async def work(settings: Settings, *, stop: asyncio.Event) -> None:
    """Until `stop`; then what runs may end, and what is not begun is given back."""
    from ruleyard.bells import News, build_worker, connect_bells
    from ruleyard.lanes.backtest import Backtests
    from ruleyard.lanes.catch_up import CatchUps
    from ruleyard.lanes.evaluate_lane import Lanes
    from ruleyard.lanes.look import slow_look
    from ruleyard.runner.worker import Runner
    from ruleyard.stores.connections import Watched
    from ruleyard.stores.db import BACKGROUND_S, create_engine
    from ruleyard.stores.events import LogPools

    engine = create_engine(settings, patience_s=BACKGROUND_S)
    # Lanes hold a line while they wait for a watched database: what was done is noted on lines of its own.
    performing = create_engine(settings, patience_s=BACKGROUND_S)
    watched = Watched(engine, settings, application_name="ruleyard work")
    pools = LogPools(settings, watched)
    bells = connect_bells(settings)
    try:
        lanes = Lanes(engine, pools, bells, cascade_runs=settings.cascade_runs, fuse_runs=settings.fuse_runs)

        async def progress(backtest_id: int) -> None:
            await bells.publish_live("backtest", {"backtest_id": backtest_id})

        async with Runner(performing, settings, watched, bells.publish_live) as runner:
            worker = build_worker(
                settings,
                drain_lane=excused(lanes.drain, None),
                perform_slot=excused(runner.perform_slot, None),
                look=excused(slow_look(engine, pools), News()),
                chores={
                    "backtest": Backtests(engine, pools, progress).run,
                    "catch_up": excused(CatchUps(engine, pools, bells).run, None),
                },
            )

            async def stop_runner() -> None:
                await stop.wait()
                runner.stop()

            stopping = asyncio.create_task(stop_runner())
            try:
                await worker.serve(stop, drain_s=_DRAIN_S)
            finally:
                stopping.cancel()
                await asyncio.gather(stopping, return_exceptions=True)
    finally:
        await pools.close()
        await watched.close()
        await bells.close()
        await performing.dispose()
        await engine.dispose()
