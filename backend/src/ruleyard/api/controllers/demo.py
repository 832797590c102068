"""One press, one real change in the demo's own database, so that a first rule has something to run for.

Works only where `up` made the demo and said where it is; never through a connection, so never on data of a company.
"""

from __future__ import annotations

from typing import Final, Literal

import asyncpg
import msgspec
from litestar import Controller, post
from litestar.params import JSONBody

from ruleyard.api.given import OurHouse
from ruleyard.api.shapes.demo import DemoChange, MadeChange
from ruleyard.core.errors import NotFound, Unavailable
from ruleyard.core.labels import record_label
from ruleyard.core.types import JSONObject

TABLE: Final = "public.leads"
TIMEOUT_S: Final = 5.0

_ASKS_FOR_A_CALL: Final = """
    update public.leads set status = 'callback', next_call_at = now() + interval '1 day'
    where id = (select id from public.leads
      where status in ('new', 'contacted') and consent and email is not null
      order by attempts >= 3 desc, last_call_at desc nulls last, id desc
      limit 1 for update skip locked)
    returning to_jsonb(leads)::text
"""
"""Somebody whom we tried to reach a few times, when there is one: first rules tend to ask for that."""

_WRITES_TO_US: Final = """
    insert into public.leads (first_name, last_name, email, city, source, status, consent, budget)
    select names.first_name, names.last_name, lower(names.first_name) || '.' || extract(epoch from now())::bigint
      || '@example.com', 'Seoul', 'web', 'new', true, 7500
    from (values ('Kim', 'Ha-eun'), ('Olga', 'Ivanova'), ('Wei', 'Chen'), ('Grace', 'Miller'))
      as names (first_name, last_name) order by random() limit 1
    returning to_jsonb(leads)::text
"""
_STATEMENTS: Final = {"callback": _ASKS_FOR_A_CALL, "new_lead": _WRITES_TO_US}

What = Literal["callback", "new_lead"]


class DemoController(Controller):
    path = "/demo"
    tags = ("insight",)

    @post("/changes", opt={"role": "editor"}, status_code=200, summary="Make one change in the demo's data")
    async def make_change(self, house: OurHouse, data: JSONBody[DemoChange]) -> MadeChange:
        """`callback`: a lead asks to be called back. `new_lead`: somebody writes through the web site."""
        url = house.settings.demo_url
        if not url:
            raise NotFound("There is no demo data here. `ruleyard up` makes it.", code="no-demo")
        record = await _change(url, data.what)
        key: JSONObject = {"id": record["id"]}
        return MadeChange(TABLE, key, str(record["id"]), record_label(record))


async def _change(url: str, what: What) -> JSONObject:
    try:
        conn = await asyncpg.connect(
            url,
            timeout=TIMEOUT_S,
            command_timeout=TIMEOUT_S,
            server_settings={"application_name": "First-rule tour"},
        )
        try:
            made = await conn.fetchval(_STATEMENTS[what])
        finally:
            await conn.close(timeout=TIMEOUT_S)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
        raise Unavailable(f"The demo's database does not answer: {error}") from None
    if made is None:
        raise NotFound("Every lead of the demo has asked for a call already.", code="no-lead-left")
    return msgspec.json.decode(made, type=dict)
