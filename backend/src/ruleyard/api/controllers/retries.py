"""Retries of many failed runs: what one would do, begin it, how far it is, stop it."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody

from ruleyard.api.given import OurHouse, TheCaller
from ruleyard.stores import audit, bulk, bulk_retries
from ruleyard.stores.bulk import Bulk
from ruleyard.stores.bulk_retries import Filter, Preview
from ruleyard.stores.db import transaction


class StartRetry(msgspec.Struct, frozen=True):
    """As looked at: `count` and `upto_id` are those of the preview of the same filter."""

    filter: Filter
    upto_id: Annotated[int, msgspec.Meta(ge=1)]
    count: Annotated[int, msgspec.Meta(ge=1)]


class RetriesController(Controller):
    path = "/runs/retries"
    tags = ("runs",)

    @post("/preview", opt={"role": "editor"}, status_code=200, summary="What a retry of many runs would do")
    async def preview_retry(self, house: OurHouse, data: JSONBody[Filter]) -> Preview:
        async with transaction(house.engine) as conn:
            return await bulk_retries.preview(conn, data)

    @post(opt={"role": "editor"}, summary="Retry every failed run that fits a filter")
    async def start_retry(self, house: OurHouse, caller: TheCaller, data: JSONBody[StartRetry]) -> Bulk:
        async with transaction(house.engine) as conn:
            begun = await bulk_retries.start(conn, data.filter, data.upto_id, data.count, caller.actor)
            detail = {"count": data.count, "filter": msgspec.to_builtins(data.filter)}
            await audit.record(conn, caller, "retry runs", f"retry:{begun.id}", detail)
        return begun

    @get("/{retry_id:int}", opt={"role": "viewer"}, summary="How far a retry of many runs is")
    async def read_retry(self, house: OurHouse, retry_id: FromPath[int]) -> Bulk:
        async with transaction(house.engine) as conn:
            return await bulk.read(conn, retry_id)

    @post("/{retry_id:int}/stop", opt={"role": "editor"}, status_code=200, summary="Retry no further run")
    async def stop_retry(self, house: OurHouse, caller: TheCaller, retry_id: FromPath[int]) -> Bulk:
        async with transaction(house.engine) as conn:
            stopped = await bulk.stop(conn, retry_id)
            await audit.record(conn, caller, "stop retry", f"retry:{retry_id}")
        return stopped
