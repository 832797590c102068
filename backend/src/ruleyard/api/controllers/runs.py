"""Runs: list, read with everything its screen paints, retry from the failed step, cancel."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final, get_args

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.api.given import OurHouse, TheCaller
from ruleyard.api.house import House
from ruleyard.api.lists import Cursor, Limit, shaped
from ruleyard.api.problems import Malformed
from ruleyard.api.shapes.related import related_seen
from ruleyard.api.shapes.runs import (
    Attempt,
    Cascade,
    CascadeRun,
    GoOnRun,
    ItemCounts,
    ItemPage,
    Listed,
    RetriedItems,
    RetriedRuns,
    RetryItems,
    RetryRuns,
    Run,
    RunPage,
    RunsKept,
    RunSummary,
    SettleRun,
    TargetInfo,
    TargetList,
)
from ruleyard.clock import utc_text
from ruleyard.core.document import parse
from ruleyard.core.errors import Conflict, NotFound
from ruleyard.core.labels import record_label
from ruleyard.core.otherwise import otherwise
from ruleyard.core.trace import Trace
from ruleyard.core.types import NodeId, RuleId, RunId, RunState
from ruleyard.stores import (
    audit,
    batches,
    cascades,
    gone,
    items,
    passing_on,
    run_care,
    run_lists,
    steps,
    targets,
)
from ruleyard.stores.db import transaction

STATES: Final = get_args(RunState)
OPEN: Final = ("queued", "running", "waiting")
Words = Annotated[str | None, QueryParameter(max_length=500)]


class RunsController(Controller):
    path = "/runs"
    tags = ("runs",)

    @get(opt={"role": "viewer"}, summary="List runs, newest first")
    async def list_runs(
        self,
        house: OurHouse,
        rule_id: FromQuery[int | None] = None,
        states: Annotated[
            str | None, QueryParameter(name="state", description="States, separated by commas")
        ] = None,
        table: Words = None,
        key: Words = None,
        since: Annotated[datetime | None, QueryParameter(name="from")] = None,
        until: Annotated[datetime | None, QueryParameter(name="to")] = None,
        version: FromQuery[int | None] = None,
        fault: Annotated[
            str | None, QueryParameter(max_length=100, description="Why it stopped, such as outcome-unknown")
        ] = None,
        number: Annotated[int | None, QueryParameter(description="Only the run of this number")] = None,
        cursor: Cursor = None,
        limit: Limit = 25,
    ) -> RunPage:
        async with transaction(house.engine) as conn:
            found = await run_lists.list_runs(
                conn,
                rule_id=None if rule_id is None else RuleId(rule_id),
                states=_states(states),
                table=table,
                key=key,
                since=_aware(since),
                until=_aware(until),
                version=version,
                fault=fault,
                number=None if number is None else RunId(number),
                cursor=cursor,
                limit=limit,
            )
            kept = await gone.kept_from(conn)
        held = house.settings
        return RunPage(
            tuple(shaped(one, RunSummary) for one in found.items),
            found.next,
            RunsKept(kept.from_on, kept.failed_from_on, held.keep_runs_days, held.keep_failed_days),
        )

    @get(
        "/away", opt={"role": "viewer"}, summary="Outside systems that do not answer, and who waits for them"
    )
    async def list_away(self, house: OurHouse) -> TargetList:
        async with transaction(house.engine) as conn:
            return TargetList(tuple(shaped(one, TargetInfo) for one in await targets.open_targets(conn)))

    @get("/{run_id:int}", opt={"role": "viewer"}, summary="Read a run with its trace")
    async def read_run(self, house: OurHouse, run_id: FromPath[int]) -> Run:
        async with transaction(house.engine) as conn:
            picture = await run_lists.run_picture(conn, RunId(run_id))
            tried = await steps.attempts_of(conn, RunId(run_id))
            trace = await _trace(conn, picture.line)
            listed = () if picture.batch_run is None else await batches.listed_runs(conn, picture.batch_run)
            counted = await items.all_counts(conn, RunId(run_id))
        graph = parse(picture.document)
        return Run(
            **msgspec.structs.asdict(picture.line),
            event=picture.event,
            document=picture.document,
            layout=picture.layout,
            trace=trace,
            attempts={node: tuple(shaped(one, Attempt) for one in every) for node, every in tried.items()},
            live_version=picture.live_version,
            related=related_seen(picture.related, kept=True),
            can_retry=picture.line.state == "failed" and not _unknown(picture.line),
            can_settle=picture.line.state == "failed" and _unknown(picture.line),
            can_cancel=picture.line.state in OPEN,
            item=picture.item,
            items={node: shaped(one, ItemCounts) for node, one in counted.items()},
            otherwise={}
            if isinstance(graph, tuple) or picture.line.parent_run is not None
            else otherwise(
                graph, picture.event, utc_text(picture.line.created_at), trace.steps, picture.related
            ),
            merges=picture.merges,
            listed=tuple(
                Listed(
                    run,
                    event.table,
                    event.record_key,
                    record_label(event.after or event.before),
                    event.op,
                    event.at,
                )
                for run, event in listed
            ),
        )

    @get(
        "/{run_id:int}/items", opt={"role": "viewer"}, summary="The item runs of one list of a run, in order"
    )
    async def list_items(
        self,
        house: OurHouse,
        run_id: FromPath[int],
        node: Annotated[str, QueryParameter(max_length=40, description="The id of the for_each")],
        states: Annotated[
            str | None, QueryParameter(name="state", description="States, separated by commas")
        ] = None,
        cursor: Cursor = None,
        limit: Limit = 25,
    ) -> ItemPage:
        async with transaction(house.engine) as conn:
            await run_lists.run_line(conn, RunId(run_id))
            found = await run_lists.list_items(
                conn, RunId(run_id), NodeId(node), states=_states(states), cursor=cursor, limit=limit
            )
        return ItemPage(tuple(shaped(one, RunSummary) for one in found.items), found.next)

    @post(
        "/{run_id:int}/items/retry",
        opt={"role": "editor"},
        status_code=200,
        summary="Try the failed items of a list again",
    )
    async def retry_items(
        self, house: OurHouse, caller: TheCaller, run_id: FromPath[int], data: JSONBody[RetryItems]
    ) -> RetriedItems:
        async with transaction(house.engine) as conn:
            line = await run_lists.run_line(conn, RunId(run_id))
            slots = await items.try_again(conn, RunId(run_id), data.node, failed_only=True)
            await audit.record(conn, caller, "retry items", f"run:{run_id}", {"node": data.node})
        await house.bells.ring_slots(sorted(set(slots)))
        await house.bells.publish_live("run", {"run_id": run_id, "rule_id": line.rule_id})
        return RetriedItems(len(slots))

    @get("/{run_id:int}/trace", opt={"role": "viewer"}, summary="Read a run's steps")
    async def read_trace(self, house: OurHouse, run_id: FromPath[int]) -> Trace:
        async with transaction(house.engine) as conn:
            return await _trace(conn, await run_lists.run_line(conn, RunId(run_id)))

    @get(
        "/{run_id:int}/cascade",
        opt={"role": "viewer"},
        summary="What set a run off, and what came of it, as a tree",
    )
    async def read_cascade(self, house: OurHouse, run_id: FromPath[int]) -> Cascade:
        async with transaction(house.engine) as conn:
            found = await cascades.cascade_of(conn, RunId(run_id))
        return Cascade(tuple(shaped(one, CascadeRun) for one in found.runs), found.more)

    @post(
        "/{run_id:int}/retry", opt={"role": "editor"}, status_code=200, summary="Go on from the failed step"
    )
    async def retry_run(self, house: OurHouse, caller: TheCaller, run_id: FromPath[int]) -> RunSummary:
        async with transaction(house.engine) as conn:
            run = await run_care.retry(conn, RunId(run_id))
            await audit.record(conn, caller, "retry run", f"run:{run_id}")
            line = await run_lists.run_line(conn, RunId(run_id))
        return await _told(house, run.slot, line)

    @post(
        "/{run_id:int}/settle",
        opt={"role": "editor"},
        status_code=200,
        summary="Say whether a message arrived",
    )
    async def settle_run(
        self, house: OurHouse, caller: TheCaller, run_id: FromPath[int], data: JSONBody[SettleRun]
    ) -> RunSummary:
        async with transaction(house.engine) as conn:
            run = await run_care.settle(conn, RunId(run_id), data.choice)
            await audit.record(conn, caller, "settle run", f"run:{run_id}", {"choice": data.choice})
            line = await run_lists.run_line(conn, RunId(run_id))
        return await _told(house, run.slot, line)

    @post(
        "/{run_id:int}/go-on",
        opt={"role": "editor"},
        status_code=200,
        summary="Let a waiting run go on now, or by its path for when nothing came",
    )
    async def go_on_run(
        self, house: OurHouse, caller: TheCaller, run_id: FromPath[int], data: JSONBody[GoOnRun]
    ) -> RunSummary:
        async with transaction(house.engine) as conn:
            run = await passing_on.go_on(conn, RunId(run_id), data.way)
            await audit.record(conn, caller, "pass on run", f"run:{run_id}", {"way": data.way})
            line = await run_lists.run_line(conn, RunId(run_id))
        return await _told(house, run.slot, line)

    @post("/{run_id:int}/cancel", opt={"role": "editor"}, status_code=200, summary="End a run that goes on")
    async def cancel_run(self, house: OurHouse, caller: TheCaller, run_id: FromPath[int]) -> RunSummary:
        async with transaction(house.engine) as conn:
            run = await run_care.cancel(conn, RunId(run_id))
            await audit.record(conn, caller, "cancel run", f"run:{run_id}")
            line = await run_lists.run_line(conn, RunId(run_id))
        return await _told(house, run.slot, line)

    @post("/retry", opt={"role": "editor"}, status_code=200, summary="Retry many failed runs")
    async def retry_runs(self, house: OurHouse, caller: TheCaller, data: JSONBody[RetryRuns]) -> RetriedRuns:
        retried: list[RunId] = []
        slots: set[int] = set()
        async with transaction(house.engine) as conn:
            for run_id in sorted(set(data.ids)):
                try:
                    run = await run_care.retry(conn, run_id)
                except (Conflict, NotFound):
                    continue
                retried.append(run_id)
                slots.add(run.slot)
            await audit.record(conn, caller, "retry runs", "run:many", {"ids": [*retried]})
        await house.bells.ring_slots(sorted(slots))
        await house.bells.publish_live("run", {"run_ids": [*retried]})
        skipped = tuple(run_id for run_id in data.ids if run_id not in retried)
        return RetriedRuns(tuple(retried), skipped)


async def _told(house: House, slot: int, line: run_lists.RunLine) -> RunSummary:
    """After the commit: workers and screens hear of the run; its line as it is now."""
    await house.bells.ring_slots([slot])
    await house.bells.publish_live("run", {"run_id": line.id, "rule_id": line.rule_id})
    return shaped(line, RunSummary)


async def _trace(conn: AsyncConnection, line: run_lists.RunLine) -> Trace:
    outcome = "running" if line.state == "queued" else line.state
    return Trace(outcome=outcome, steps=await steps.steps_of(conn, line.id), reason=line.error)


def _unknown(line: run_lists.RunLine) -> bool:
    return line.fault is not None and line.fault.code == run_care.UNKNOWN


def _states(text: str | None) -> list[str]:
    wanted = [one for one in (text or "").split(",") if one]
    strange = [one for one in wanted if one not in STATES]
    if strange:
        raise Malformed(f"There is no state {strange[0]!r}. There are: {', '.join(STATES)}.")
    return wanted


def _aware(at: datetime | None) -> datetime | None:
    """An instant without a zone is meant in UTC."""
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at
