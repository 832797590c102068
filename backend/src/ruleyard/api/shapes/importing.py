"""Shapes of import: what is given, what was understood of it, and what was made."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from ruleyard.core.errors import Problem
from ruleyard.core.incoming.fit import Match, Unmatched
from ruleyard.core.incoming.understood import Understood
from ruleyard.core.types import JSONObject, RuleId

Twin = Literal["replace", "another", "leave"]
"""What becomes of a rule whose name is taken: its draft takes the place of the other's, it gets a name of its own,
or nothing is done."""
Action = Literal["create", "update", "same", "leave", "refuse"]


class ImportSource(msgspec.Struct, frozen=True):
    """`text` as it was pasted or read from a file, or the `url` to read it from.

    `matches`: names of the document and ours. `suggest`: names that are not known here get the nearest of ours unless
    `matches` says something of them. `twins`: by the name that the document gives; `replace` where nothing is said.
    """

    text: Annotated[str, msgspec.Meta(max_length=1_000_000)] | None = None
    url: Annotated[str, msgspec.Meta(max_length=2_000)] | None = None
    matches: Annotated[tuple[Match, ...], msgspec.Meta(max_length=2_000)] = ()
    suggest: bool = False
    twins: dict[str, Twin] = {}


class ImportProblem(Problem, frozen=True, omit_defaults=True):
    """A problem of an imported rule with its line and column in the text, from 1; 0 where it stands nowhere there."""

    line: int = 0
    column: int = 0


class ImportedRule(msgspec.Struct, frozen=True):
    """`name` is what the document says, `as_name` what the rule is (to be) called here. `action`: what is done with it;
    `refuse` says why in `problems`. `twin`: the rule that has this name already. `previous`: the draft that was
    replaced, to go back to with `etag`.
    """

    name: str
    as_name: str
    rule_id: RuleId | None
    action: Action
    problems: tuple[ImportProblem, ...]
    document: JSONObject
    understood: Understood
    twin: RuleId | None = None
    previous: JSONObject | None = None
    etag: str | None = None


class Imported(msgspec.Struct, frozen=True):
    """`names`: what is not known here, with what it is matched with. `text`: what was read from the `url`."""

    items: tuple[ImportedRule, ...]
    names: tuple[Unmatched, ...] = ()
    text: str | None = None
