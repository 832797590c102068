"""Import: rules from JSON, from a text somebody pasted, or from an address that the server reads."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Controller, Request, Response, post
from litestar.params import FromQuery, JSONBody

from ruleyard.api.bodies import once
from ruleyard.api.fetching import fetch_text
from ruleyard.api.given import OurHouse, TheCaller
from ruleyard.api.importing import Given, import_documents
from ruleyard.api.problems import Malformed
from ruleyard.api.shapes.importing import Imported, ImportSource
from ruleyard.core.errors import Invalid
from ruleyard.core.incoming.reading import documents_of, read_text
from ruleyard.core.types import JSONObject
from ruleyard.stores.db import transaction


class ImportController(Controller):
    path = "/import"
    tags = ("import",)

    @post(opt={"role": "editor"}, status_code=200, summary="Import rules: always as drafts, off")
    async def import_rules(
        self,
        house: OurHouse,
        caller: TheCaller,
        request: Request[Any, Any, Any],
        data: JSONBody[JSONObject],
        dry_run: FromQuery[bool] = False,
    ) -> Response[Imported]:
        """The body is a rule document, `{"rules": […]}`, `{"logic": …, "trigger": …}` or one JSON Logic object.

        422 where no rule of it could be kept at all. `dry_run` tells what would be done.
        """
        given = Given(documents_of(data), (await request.body()).decode())
        async with transaction(house.engine) as conn:

            async def work() -> Imported:
                made = await import_documents(house, conn, caller, given, dry_run=dry_run)
                refused = [one for one in made.items if one.action == "refuse"]
                if len(refused) == len(made.items):
                    first = refused[0].problems[0]
                    raise Invalid(first.message, code=first.code, problems=refused[0].problems)
                return made

            answer = await once(request, conn, caller, 200, work)
        if not dry_run:
            await house.bells.publish_live("rule", {})
        return answer

    @post(
        "/source",
        opt={"role": "editor"},
        status_code=200,
        summary="Import from a text or an address, names matched with what is here",
    )
    async def import_source(
        self,
        house: OurHouse,
        caller: TheCaller,
        request: Request[Any, Any, Any],
        data: JSONBody[ImportSource],
        dry_run: FromQuery[bool] = False,
    ) -> Response[Imported]:
        """As `/import`, with lines and columns, for text that need not be JSON. A rule that cannot be kept is told
        as refused beside the others. The address is read by the server: public web addresses only, 1 MB, 10 s.
        """
        if (data.text is None) == (data.url is None):
            raise Malformed("Give either a text or a url.")
        fetched = await fetch_text(house.outbound, data.url) if data.url is not None else None
        value, text = read_text(fetched or data.text or "")
        given = Given(documents_of(value), text, data.matches, data.suggest, data.twins)
        async with transaction(house.engine) as conn:

            async def work() -> Imported:
                made = await import_documents(house, conn, caller, given, dry_run=dry_run)
                return msgspec.structs.replace(made, text=fetched)

            answer = await once(request, conn, caller, 200, work)
        if not dry_run:
            await house.bells.publish_live("rule", {})
        return answer
