"""Reports: which there are, and their files. The list is history; a file holds records, so it needs the role editor."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from litestar import Controller, Response, get
from litestar.params import FromPath, QueryParameter

from ruleyard.actions.report.make import MEDIA_TYPES
from ruleyard.api.given import OurHouse, TheCaller
from ruleyard.api.lists import Cursor, Limit, shaped
from ruleyard.api.shapes.reports import ReportInfo, ReportPage
from ruleyard.core.types import RuleId, RunId
from ruleyard.stores import audit, reports
from ruleyard.stores.db import transaction

OfRule = Annotated[int | None, QueryParameter(description="Made by this rule")]
OfRun = Annotated[int | None, QueryParameter(description="Made by this run")]


class ReportsController(Controller):
    path = "/reports"
    tags = ("reports",)

    @get(opt={"role": "viewer"}, summary="Files that rules made, newest first")
    async def list_reports(
        self,
        house: OurHouse,
        rule_id: OfRule = None,
        run_id: OfRun = None,
        cursor: Cursor = None,
        limit: Limit = 25,
    ) -> ReportPage:
        async with transaction(house.engine) as conn:
            found = await reports.list_reports(
                conn,
                rule_id=None if rule_id is None else RuleId(rule_id),
                run_id=None if run_id is None else RunId(run_id),
                cursor=cursor,
                limit=limit,
            )
        return ReportPage(tuple(shaped(one, ReportInfo) for one in found.items), found.next)

    @get(
        "/{report_id:int}/file",
        opt={"role": "editor"},
        summary="Download a report",
        description="The bytes, as a download with its name. Each is written into the audit log.",
        media_type="application/octet-stream",
    )
    async def read_file(
        self, house: OurHouse, caller: TheCaller, report_id: FromPath[int]
    ) -> Response[bytes]:
        async with transaction(house.engine) as conn:
            found = await reports.report(conn, report_id)
            content = await reports.content(conn, report_id)
            await audit.record(
                conn, caller, "download report", f"rule:{found.rule_id}", {"file": found.file, "id": found.id}
            )
        return Response(
            content,
            media_type=MEDIA_TYPES[found.format],
            headers={
                "Content-Disposition": disposition(found.file),
                "Cache-Control": "private, no-store",
            },
        )


def disposition(file: str) -> str:
    """RFC 6266: a name of plain letters for old clients, and the real one in UTF-8."""
    plain = "".join(letter if " " <= letter <= "~" and letter not in '"\\%' else "_" for letter in file)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file, safe='')}"
