"""Rules and their drafts: list, make, save, check, try, archive."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Request, Response, delete, get, post, put
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody, QueryParameter

from ruleyard.api.analysing import with_warnings
from ruleyard.api.bodies import once
from ruleyard.api.checking import check_document, fix_document, name_of, refuse_over_limits, surroundings
from ruleyard.api.etags import etag_of
from ruleyard.api.given import OurHouse, TheCaller
from ruleyard.api.lists import Cursor, Limit, shaped
from ruleyard.api.problems import Malformed
from ruleyard.api.publishing import switch_off
from ruleyard.api.rule_views import summaries, whole
from ruleyard.api.sending import send_to_oneself
from ruleyard.api.shapes.rules import (
    CheckDocument,
    CheckedDocument,
    NewRule,
    Rule,
    RuleAttention,
    RuleCounts,
    RulePage,
    SavedDraft,
    SaveDraft,
    SendTest,
    SentTest,
    Startable,
    StartableList,
    TestDraft,
    TestResult,
)
from ruleyard.api.trial import try_draft
from ruleyard.core.types import JSONObject, RuleId
from ruleyard.stores import audit, drafts, rules
from ruleyard.stores.db import transaction
from ruleyard.stores.rule_cards import rule_cards
from ruleyard.stores.rules import RuleSort, RuleStatus

IfMatch = Annotated[
    str | None, HeaderParameter(name="If-Match", description="The draft's etag, quoted; `*` for any")
]


class RulesController(Controller):
    path = "/rules"
    tags = ("rules",)

    @get(opt={"role": "viewer"}, summary="List rules with the figures of the last 7 days")
    async def list_rules(
        self,
        house: OurHouse,
        search: Annotated[str, QueryParameter(max_length=200)] = "",
        status: FromQuery[RuleStatus] = "all",
        sort: FromQuery[RuleSort] = "name",
        archived: FromQuery[bool] = False,
        about: Annotated[
            str | None,
            QueryParameter(
                max_length=300,
                pattern=r"^\S+ .+$",
                description="Only rules that start from this table: `connection schema.table`",
            ),
        ] = None,
        documents: Annotated[bool, QueryParameter(description="With each rule's draft")] = False,
        cursor: Cursor = None,
        limit: Limit = 25,
    ) -> RulePage:
        async with transaction(house.engine) as conn:
            found = await rules.list_rules(
                conn,
                search=search,
                status=status,
                sort=sort,
                archived=archived,
                about=about,
                cursor=cursor,
                limit=limit,
            )
            return RulePage(
                items=await summaries(house, conn, found.items, documents=documents),
                next=found.next,
                counts=shaped(await rules.counts(conn), RuleCounts),
                attention=tuple(shaped(one, RuleAttention) for one in await rules.attention(conn)),
            )

    @get(
        "/startable",
        opt={"role": "viewer"},
        summary="What rules can start: each rule, and what starts it itself",
    )
    async def list_startable(self, house: OurHouse) -> StartableList:
        async with transaction(house.engine) as conn:
            cards = await rule_cards(conn)
        return StartableList(tuple(shaped(one, Startable) for one in cards.values()))

    @post(opt={"role": "editor"}, summary="Make a rule: a draft, off")
    async def create_rule(
        self, house: OurHouse, caller: TheCaller, request: Request[Any, Any, Any], data: JSONBody[NewRule]
    ) -> Response[Rule]:
        document = data.document if data.document is not None else _empty(data.name or "New rule")
        refuse_over_limits(document)

        async with transaction(house.engine) as conn:

            async def make() -> Rule:
                made = await rules.create_rule(
                    conn,
                    name=data.name or name_of(document),
                    document=document,
                    layout=data.layout or {},
                    by=caller.account_id,
                )
                await audit.record(conn, caller, "create rule", f"rule:{made}")
                return await whole(house, conn, made)

            answer = await once(request, conn, caller, 201, make)
        if isinstance(answer.content, Rule):
            await house.bells.publish_live("rule", {"rule_id": answer.content.id})
        return answer

    @post("/check", opt={"role": "viewer"}, status_code=200, summary="Check a document; nothing is saved")
    async def check_document(self, house: OurHouse, data: JSONBody[CheckDocument]) -> CheckedDocument:
        refuse_over_limits(data.document)
        async with transaction(house.engine) as conn:
            around = await surroundings(conn, [data.document])
            checked = await check_document(house.models, around, data.document, rule_id=data.rule_id)
            checked = await with_warnings(house.models, house.neighbours, conn, checked, data.rule_id)
        fixed = await fix_document(house.models, around, data.document, checked, data.rule_id)
        return CheckedDocument(checked.problems, checked.sentence, fixed)

    @post(
        "/test",
        opt={"role": "editor"},
        status_code=200,
        summary="Try a draft on a record; nothing is performed",
    )
    async def test_draft(self, house: OurHouse, data: JSONBody[TestDraft]) -> TestResult:
        refuse_over_limits(data.document)
        return await try_draft(house, data)

    @post(
        "/test/send",
        opt={"role": "editor"},
        status_code=200,
        summary="Send one mail of a draft to oneself, marked as a test",
    )
    async def send_test(self, house: OurHouse, caller: TheCaller, data: JSONBody[SendTest]) -> SentTest:
        refuse_over_limits(data.document)
        return await send_to_oneself(house, caller, data)

    @get("/{rule_id:int}", opt={"role": "viewer"}, summary="Read a rule")
    async def read_rule(self, house: OurHouse, rule_id: FromPath[int]) -> Rule:
        async with transaction(house.engine) as conn:
            return await whole(house, conn, RuleId(rule_id))

    @delete("/{rule_id:int}", opt={"role": "publisher"}, summary="Archive a rule; switches it off")
    async def archive_rule(self, house: OurHouse, caller: TheCaller, rule_id: FromPath[int]) -> None:
        async with transaction(house.engine) as conn:
            await switch_off(conn, caller, RuleId(rule_id))
            await rules.set_archived(conn, RuleId(rule_id), True)
            await audit.record(conn, caller, "archive rule", f"rule:{rule_id}")
        await house.bells.publish_live("rule", {"rule_id": rule_id})

    @post(
        "/{rule_id:int}/restore",
        opt={"role": "editor"},
        status_code=200,
        summary="Take a rule out of the archive",
    )
    async def restore_rule(self, house: OurHouse, caller: TheCaller, rule_id: FromPath[int]) -> Rule:
        async with transaction(house.engine) as conn:
            await drafts.draft_of(conn, RuleId(rule_id))
            await rules.set_archived(conn, RuleId(rule_id), False)
            await audit.record(conn, caller, "restore rule", f"rule:{rule_id}")
            restored = await whole(house, conn, RuleId(rule_id))
        await house.bells.publish_live("rule", {"rule_id": rule_id})
        return restored

    @post("/{rule_id:int}/duplicate", opt={"role": "editor"}, summary="Copy a rule's draft into a new rule")
    async def duplicate_rule(self, house: OurHouse, caller: TheCaller, rule_id: FromPath[int]) -> Rule:
        async with transaction(house.engine) as conn:
            draft = await drafts.draft_of(conn, RuleId(rule_id))
            name = f"{name_of(draft.document)[:110]} (copy)"
            made = await rules.create_rule(
                conn,
                name=name,
                document={**draft.document, "name": name},
                layout=draft.layout,
                by=caller.account_id,
            )
            await audit.record(conn, caller, "duplicate rule", f"rule:{made}", {"of": rule_id})
            copy = await whole(house, conn, made)
        await house.bells.publish_live("rule", {"rule_id": made})
        return copy

    @put("/{rule_id:int}/draft", opt={"role": "editor"}, summary="Save the draft; 412 when somebody else did")
    async def save_draft(
        self,
        house: OurHouse,
        caller: TheCaller,
        rule_id: FromPath[int],
        data: JSONBody[SaveDraft],
        if_match: IfMatch = None,
    ) -> Response[SavedDraft]:
        refuse_over_limits(data.document)
        if data.layout is not None and len(msgspec.json.encode(data.layout)) > 256 * 1024:
            raise Malformed("A layout has at most 256 KB.")
        async with transaction(house.engine) as conn:
            saved = await drafts.save_draft(
                conn,
                RuleId(rule_id),
                document=data.document,
                layout=data.layout,
                etag=etag_of(if_match, "the draft"),
                by=caller.account_id,
            )
            await audit.record(conn, caller, "save draft", f"rule:{rule_id}", {"etag": saved.etag})
            around = await surroundings(conn, [saved.document])
            checked = await check_document(house.models, around, saved.document, rule_id=RuleId(rule_id))
            checked = await with_warnings(house.models, house.neighbours, conn, checked, RuleId(rule_id))
        await house.bells.publish_live("draft", {"rule_id": rule_id, "etag": str(saved.etag)})
        return Response(
            SavedDraft(str(saved.etag), checked.problems, saved.saved_at), headers={"ETag": f'"{saved.etag}"'}
        )


def _empty(name: str) -> JSONObject:
    return {"dialect": 1, "name": name, "nodes": [], "edges": []}
