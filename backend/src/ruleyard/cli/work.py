"""Judge changes and perform runs, as arq jobs. Start as many as there is work, on as many machines."""

from __future__ import annotations

import argparse
import asyncio
from typing import Final

from ruleyard.settings import Settings

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


async def work(settings: Settings, *, stop: asyncio.Event) -> None:
    """Until `stop`; then what runs may end, and what is not begun is given back."""
    from ruleyard.bells import build_worker, connect_bells
    from ruleyard.lanes.backtest import Backtests
    from ruleyard.lanes.evaluate_lane import Lanes
    from ruleyard.lanes.look import slow_look
    from ruleyard.runner.worker import Runner
    from ruleyard.stores.connections import Watched
    from ruleyard.stores.db import BACKGROUND_S, create_engine
    from ruleyard.stores.events import LogPools

    engine = create_engine(settings, patience_s=BACKGROUND_S)
    watched = Watched(engine, settings, application_name="ruleyard work")
    pools = LogPools(settings, watched)
    bells = connect_bells(settings)
    try:
        lanes = Lanes(engine, pools, bells, cascade_runs=settings.cascade_runs, fuse_runs=settings.fuse_runs)

        async def progress(backtest_id: int) -> None:
            await bells.publish_live("backtest", {"backtest_id": backtest_id})

        async with Runner(engine, settings, watched, bells.publish_live) as runner:
            worker = build_worker(
                settings,
                drain_lane=lanes.drain,
                perform_slot=runner.perform_slot,
                look=slow_look(engine, pools),
                run_backtest=Backtests(engine, pools, progress).run,
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
        await engine.dispose()
