"""Publish, switch on and off, versions, firing by hand, and why a rule ran or did not."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from ruleyard.api.already import begin_catch_up
from ruleyard.api.analysing import with_warnings
from ruleyard.api.bodies import once
from ruleyard.api.checking import Checked
from ruleyard.api.comparing import compare_versions, different_events
from ruleyard.api.explaining import explain_event, explain_record
from ruleyard.api.given import OurHouse, TheCaller
from ruleyard.api.house import House
from ruleyard.api.lists import Cursor, Limit, key_of
from ruleyard.api.publishing import publish, switch_off, switch_on
from ruleyard.api.reach import asking
from ruleyard.api.records import read_record
from ruleyard.api.rule_views import version_detail, version_info, whole
from ruleyard.api.shapes.comparing import DifferentEvents
from ruleyard.api.shapes.rules import (
    Already,
    Explained,
    Fire,
    Fired,
    Publish,
    Rule,
    VersionDetail,
    VersionInfo,
    VersionPage,
)
from ruleyard.core.diff import Diff
from ruleyard.core.document import parse
from ruleyard.core.errors import Conflict, Invalid, NotFound
from ruleyard.core.graph import Graph
from ruleyard.core.types import EventId, JSONObject, LogId, RuleId
from ruleyard.intake.introspect import table_model
from ruleyard.stores import audit, drafts, rules, versions
from ruleyard.stores.connections import connection_named
from ruleyard.stores.db import transaction
from ruleyard.stores.emit import emit
from ruleyard.stores.pages import decode
from ruleyard.stores.stopping import OpenRuns, open_runs, stop_open

OpenWay = Literal["finish", "stop"]


class VersionsController(Controller):
    path = "/rules/{rule_id:int}"
    tags = ("rules",)

    @post("/publish", opt={"role": "publisher"}, summary="Publish the draft as the next version")
    async def publish_rule(
        self, house: OurHouse, caller: TheCaller, rule_id: FromPath[int], data: JSONBody[Publish]
    ) -> VersionInfo:
        async with transaction(house.engine) as conn:
            made = await publish(
                house, conn, caller, RuleId(rule_id), etag=data.etag, note=data.note, enable=data.enable
            )
            catch_up = None
            if data.already == "run" and data.enable:
                catch_up = await begin_catch_up(conn, caller, RuleId(rule_id), made)
            graph = parse(made.document)
            checked = Checked(graph if isinstance(graph, Graph) else None, (), "")
            warned = await with_warnings(house.models, house.neighbours, conn, checked, RuleId(rule_id))
        await _tell(house, rule_id, catch_up)
        return msgspec.structs.replace(version_info(made), warnings=warned.problems)

    @post("/enable", opt={"role": "publisher"}, status_code=200, summary="Switch the live version on")
    async def enable_rule(
        self,
        house: OurHouse,
        caller: TheCaller,
        rule_id: FromPath[int],
        already: FromQuery[Already] = "leave",
    ) -> Rule:
        async with transaction(house.engine) as conn:
            version = await switch_on(conn, caller, RuleId(rule_id))
            catch_up = None
            if already == "run":
                catch_up = await begin_catch_up(conn, caller, RuleId(rule_id), version)
            rule = await whole(house, conn, RuleId(rule_id))
        await _tell(house, rule_id, catch_up)
        return rule

    @post("/disable", opt={"role": "publisher"}, status_code=200, summary="Switch the rule off")
    async def disable_rule(
        self,
        house: OurHouse,
        caller: TheCaller,
        rule_id: FromPath[int],
        going_on: Annotated[
            OpenWay,
            QueryParameter(description="finish: what goes on goes on to its end; stop: it ends where it is"),
        ] = "finish",
    ) -> Rule:
        async with transaction(house.engine) as conn:
            await switch_off(conn, caller, RuleId(rule_id))
            if going_on == "stop" and (count := await stop_open(conn, RuleId(rule_id), caller.actor)):
                await audit.record(conn, caller, "stop runs", f"rule:{rule_id}", {"count": count})
            rule = await whole(house, conn, RuleId(rule_id))
        await house.bells.publish_live("rule", {"rule_id": rule_id})
        if going_on == "stop":
            await house.bells.publish_live("run", {"rule_id": rule_id})
        return rule

    @get(
        "/open", opt={"role": "viewer"}, summary="How many runs of the rule did not end yet, held ones apart"
    )
    async def count_open(self, house: OurHouse, rule_id: FromPath[int]) -> OpenRuns:
        async with transaction(house.engine) as conn:
            await drafts.draft_of(conn, RuleId(rule_id))
            return await open_runs(conn, RuleId(rule_id))

    @get("/versions", opt={"role": "viewer"}, summary="List versions, newest first")
    async def list_versions(
        self, house: OurHouse, rule_id: FromPath[int], cursor: Cursor = None, limit: Limit = 25
    ) -> VersionPage:
        async with transaction(house.engine) as conn:
            await drafts.draft_of(conn, RuleId(rule_id))
            found = await versions.list_versions(conn, RuleId(rule_id), cursor=cursor, limit=limit)
            periods = await versions.on_periods(conn, RuleId(rule_id))
        return VersionPage(tuple(version_info(one, periods.get(one.id)) for one in found.items), found.next)

    @get("/versions/{number:int}", opt={"role": "viewer"}, summary="Read a version")
    async def read_version(
        self, house: OurHouse, rule_id: FromPath[int], number: FromPath[int]
    ) -> VersionDetail:
        async with transaction(house.engine) as conn:
            return version_detail(await versions.version_numbered(conn, RuleId(rule_id), number))

    @get(
        "/versions/{number:str}/diff/{other:str}",
        opt={"role": "viewer"},
        summary="What changed from one version (or `draft`) to another; and can they decide differently",
    )
    async def compare_versions(
        self, house: OurHouse, rule_id: FromPath[int], number: FromPath[str], other: FromPath[str]
    ) -> Diff:
        async with transaction(house.engine) as conn:
            return await compare_versions(house, conn, RuleId(rule_id), number, other)

    @get(
        "/versions/{number:str}/diff/{other:str}/events",
        opt={"role": "viewer"},
        summary="Stored changes on which they decide differently, newest first",
    )
    async def list_different_events(
        self,
        house: OurHouse,
        rule_id: FromPath[int],
        number: FromPath[str],
        other: FromPath[str],
        cursor: Cursor = None,
        limit: Limit = 25,
    ) -> DifferentEvents:
        below = decode(cursor, tuple[int])
        return await different_events(
            house, RuleId(rule_id), number, other, below=below[0] if below else None, limit=limit
        )

    @post(
        "/versions/{number:int}/restore",
        opt={"role": "editor"},
        status_code=200,
        summary="Make a version the draft",
    )
    async def restore_version(
        self, house: OurHouse, caller: TheCaller, rule_id: FromPath[int], number: FromPath[int]
    ) -> Rule:
        async with transaction(house.engine) as conn:
            old = await versions.version_numbered(conn, RuleId(rule_id), number)
            await drafts.save_draft(
                conn,
                RuleId(rule_id),
                document=old.document,
                layout=old.layout,
                etag=None,
                by=caller.account_id,
            )
            await audit.record(conn, caller, "restore version", f"rule:{rule_id}", {"version": number})
            rule = await whole(house, conn, RuleId(rule_id))
        await house.bells.publish_live("draft", {"rule_id": rule_id, "etag": rule.draft.etag})
        return rule

    @post(
        "/fire",
        opt={"role": "publisher"},
        status_code=202,
        summary="Run the rule now, on one record if it has a table",
    )
    async def fire_rule(
        self,
        house: OurHouse,
        caller: TheCaller,
        request: Request[Any, Any, Any],
        rule_id: FromPath[int],
        data: JSONBody[Fire],
    ) -> Response[Fired]:
        async with transaction(house.engine) as conn:

            async def fire() -> Fired:
                record = await _record(house, RuleId(rule_id), data.key)
                event_id = await emit(
                    conn, RuleId(rule_id), "manual", record, before=record, actor=caller.actor
                )
                await audit.record(
                    conn, caller, "fire rule", f"rule:{rule_id}", {"key": data.key, "note": data.note}
                )
                return Fired(event_id)

            return await once(request, conn, caller, 202, fire)

    @get("/explain", opt={"role": "viewer"}, summary="Why did the rule run on an event, or why not?")
    async def explain_rule(
        self, house: OurHouse, rule_id: FromPath[int], log: FromQuery[int], event_id: FromQuery[int]
    ) -> Explained:
        async with transaction(house.engine) as conn:
            return await explain_event(house, conn, RuleId(rule_id), LogId(log), EventId(event_id))

    @get(
        "/why",
        opt={"role": "viewer"},
        summary="Why did the rule run on a record's latest change, or why not?",
    )
    async def explain_record(
        self,
        house: OurHouse,
        rule_id: FromPath[int],
        key: Annotated[
            str, QueryParameter(max_length=2000, description='The whole primary key as JSON: `{"id": 7}`')
        ],
        at: Annotated[
            datetime | None, QueryParameter(description="The latest change at or before this moment")
        ] = None,
    ) -> Explained:
        async with transaction(house.engine) as conn:
            return await explain_record(house, conn, RuleId(rule_id), key_of(key), at)

    @get("/export", opt={"role": "viewer"}, summary="The document: of the draft, or of a version")
    async def export_rule(
        self, house: OurHouse, rule_id: FromPath[int], version: FromQuery[int | None] = None
    ) -> JSONObject:
        async with transaction(house.engine) as conn:
            if version is None:
                return (await drafts.draft_of(conn, RuleId(rule_id))).document
            return (await versions.version_numbered(conn, RuleId(rule_id), version)).document


async def _tell(house: House, rule_id: int, catch_up: int | None) -> None:
    await house.bells.publish_live("rule", {"rule_id": rule_id})
    if catch_up is not None:
        await house.bells.ring_chore("catch_up", catch_up)
        await house.bells.publish_live("catch_up", {"id": catch_up, "rule_id": rule_id})


async def _record(house: House, rule_id: RuleId, key: JSONObject | None) -> JSONObject | None:
    """The record that a firing is for; None where the rule has no table. Refuses a rule that is off."""
    async with transaction(house.engine) as conn:
        row = await rules.rule_row(conn, rule_id)
        live = await versions.live_version(conn, rule_id)
        if live is None or not row.enabled:
            raise Conflict("This rule is off. Publish it or switch it on, then run it.", code="rule-off")
        graph = parse(live.document)
        if not isinstance(graph, Graph):
            raise Invalid("This version cannot be read any more.", code="rule-has-problems", problems=graph)
        trigger = graph.trigger
        if not trigger.connection or not trigger.table:
            return None
        if key is None:
            raise Invalid(f"Say for which record of {trigger.table}: `key`.", code="record-needed")
        at = (await connection_named(conn, trigger.connection)).id
    async with asking(house.logs, at) as pool:
        model = await table_model(pool, trigger.connection, trigger.table)
        if model is None:
            raise NotFound(f"There is no table {trigger.table} any more.", code="unknown-table")
        return await read_record(pool, model, key)
