"""Templates: list them as they fit the live tables, and make drafts of them."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from ruleyard.api.bodies import once
from ruleyard.api.checking import check_document, name_of, refuse_over_limits, surroundings
from ruleyard.api.given import OurHouse, TheCaller
from ruleyard.api.shapes.templates import TemplateInfo, TemplatePage, UsedTemplate, UseTemplate
from ruleyard.api.templating import asked, look, wanted
from ruleyard.stores import audit, rules
from ruleyard.stores.db import transaction
from ruleyard.templates.shelf import templates
from ruleyard.templates.template import Language

Zone = Annotated[FromQuery[str], msgspec.Meta(min_length=1, max_length=64)]


class TemplatesController(Controller):
    path = "/templates"
    tags = ("templates",)

    @get(opt={"role": "viewer"}, summary="List templates, filled with what is found in the live tables")
    async def list_templates(
        self, house: OurHouse, language: FromQuery[Language] = "en", zone: Zone = "UTC"
    ) -> TemplatePage:
        """`zone`: IANA, in which the rules on a schedule would go."""
        async with transaction(house.engine) as conn:
            around, mail = await look(house, conn)
        data = UseTemplate(language=language, zone=zone)
        return TemplatePage(tuple(asked(one, data, around, mail) for one in templates()), None)

    @get("/{template_id:str}", opt={"role": "viewer"}, summary="Read a template")
    async def read_template(
        self, house: OurHouse, template_id: FromPath[str], language: FromQuery[Language] = "en"
    ) -> TemplateInfo:
        template = wanted(template_id)
        async with transaction(house.engine) as conn:
            around, mail = await look(house, conn)
        return asked(template, UseTemplate(language=language), around, mail)

    @post(
        "/{template_id:str}/use",
        opt={"role": "editor"},
        status_code=200,
        summary="Answer a template's questions: makes a draft, off; with dry_run shows it only",
    )
    async def use_template(
        self,
        house: OurHouse,
        caller: TheCaller,
        request: Request[Any, Any, Any],
        template_id: FromPath[str],
        data: JSONBody[UseTemplate],
        dry_run: FromQuery[bool] = False,
    ) -> Response[UsedTemplate]:
        template = wanted(template_id)
        async with transaction(house.engine) as conn:
            around, mail = await look(house, conn, data.answers)
            found = asked(template, data, around, mail)
            refuse_over_limits(found.document)

            async def work() -> UsedTemplate:
                checked = await check_document(house.models, await surroundings(conn), found.document)
                made = None
                if not dry_run:
                    made = await rules.create_rule(
                        conn,
                        name=name_of(found.document),
                        document=found.document,
                        layout={},
                        by=caller.account_id,
                    )
                    await audit.record(conn, caller, "create rule", f"rule:{made}", {"template": template.id})
                return UsedTemplate(made, found, checked.problems)

            answer = await once(request, conn, caller, 200, work)
        if not dry_run:
            await house.bells.publish_live("rule", {})
        return answer
