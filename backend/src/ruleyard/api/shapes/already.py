"""Shapes of records that already match when a rule goes on, and of the catch-ups that run it for them."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from ruleyard.core.already import NoQuestion
from ruleyard.core.types import JSONObject
from ruleyard.stores.catch_ups import CatchUp

WhyNot: TypeAlias = Literal["", "unwatched", "problems"] | NoQuestion


class MatchingRecord(msgspec.Struct, frozen=True):
    key: JSONObject
    record_key: str
    label: str


class Matching(msgspec.Struct, frozen=True):
    """One stretch of the table. Counts are of this stretch alone.

    `next` is null at the table's end; else more may match than was found.
    `why_not`: why nobody is asked ("" where somebody is): the reasons of `no_question`, `unwatched` where the table is
    not watched, `problems` where the rule cannot be read.
    `passed`: the rule goes by a date, and these are the records whose moment has passed.
    `about`: how many records the table has, roughly; null where the database never counted.
    `looked`: records judged; `found`: those that match and have no run of this version; `ran_before`: those of them
    that another version of the rule ran for, as far as runs are kept; `undecided`: those that could not be judged.
    """

    why_not: WhyNot
    table: str = ""
    passed: bool = False
    about: int | None = None
    looked: int = 0
    found: int = 0
    ran_before: int = 0
    undecided: int = 0
    sample: tuple[MatchingRecord, ...] = ()
    next: str | None = None


class CatchUpList(msgspec.Struct, frozen=True):
    items: tuple[CatchUp, ...]
