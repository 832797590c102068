"""Shapes of the do-not-call list: its phones, and a list that is pasted into it."""

from __future__ import annotations

from typing import Annotated

import msgspec

from ruleyard.core.phone_lists import MOST_NAME, MOST_REASON, PhoneFault
from ruleyard.stores.do_not_call import DoNotCall

Reason = Annotated[str, msgspec.Meta(max_length=MOST_REASON)]


class DoNotCallPage(msgspec.Struct, frozen=True):
    items: tuple[DoNotCall, ...]
    next: str | None


class PastedPhones(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`text`: a number per line, with or without a name and a reason behind it, CSV or as copied from a table.

    `country`: the calling code (`82`) of numbers written without one. `said`: the reason of lines without one.
    """

    text: Annotated[str, msgspec.Meta(max_length=1_000_000)]
    country: Annotated[str, msgspec.Meta(pattern="^[0-9]{0,4}$")] = ""
    said: Reason = ""


class PhonesListed(msgspec.Struct, frozen=True):
    """`known`: listed before, and left as they are. `ended`: waiting calls that were taken off their lists."""

    added: int
    known: int
    ended: int
    faults: tuple[PhoneFault, ...]


class PhoneListed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Annotated[str, msgspec.Meta(max_length=MOST_NAME)] = ""
    said: Reason = ""
