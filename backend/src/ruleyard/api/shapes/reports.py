"""Shapes of reports: files that rules made."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from ruleyard.core.types import RuleId, RunId


class ReportInfo(msgspec.Struct, frozen=True):
    """`file`: what it is called when it is downloaded. `kept_until`: the moment at which it goes."""

    id: int
    rule_id: RuleId
    rule_name: str
    run_id: RunId
    node: str
    title: str
    file: str
    format: Literal["csv", "xlsx", "pdf"]
    rows: int
    size_bytes: int
    sha256: str
    made_at: datetime
    kept_until: datetime


class ReportPage(msgspec.Struct, frozen=True):
    items: tuple[ReportInfo, ...]
    next: str | None
