"""The types of the names that a rule's expressions can use: before, after, related, changed, event, now, steps."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Final

from ruleyard.core.column_types import column_type
from ruleyard.core.graph import Action, ChangeTrigger, ForEach, Graph, ManualTrigger, WaitFor, WebhookTrigger
from ruleyard.core.in_effect import switched_off
from ruleyard.core.logic.facts import Facts
from ruleyard.core.logic.naming import Unknown, inside
from ruleyard.core.logic.problems import root_of
from ruleyard.core.logic.typecheck import Scope
from ruleyard.core.logic.types import ANY, TOLD, Type, of
from ruleyard.core.model import TableLookup, TableModel
from ruleyard.core.near import did_you_mean, nearest, suggested
from ruleyard.core.related_names import RelatedNames
from ruleyard.core.samples import in_sample
from ruleyard.core.step_outputs import output_type
from ruleyard.core.types import JSON, NodeId
from ruleyard.core.webhook import as_data

_EVENT: Final = {
    "id": of("number"),
    "table": of("text"),
    "op": of("text"),
    "key": ANY,
    "at": of("timestamp"),
    "actor": of("text", "null"),
}


_ERROR: Final = ("message", "code")


class RuleNames:
    """Names of a rule whose trigger is on `table` (None: no record, or its columns are not known).

    `earlier`: the actions on some way to the node; `always`: those that went well on every way, `failed`: those that
    failed on every way. `home`: the list for whose items the node is done.
    """

    def __init__(
        self,
        graph: Graph,
        table: TableModel | None,
        earlier: frozenset[NodeId],
        *,
        always: frozenset[NodeId] = frozenset(),
        failed: frozenset[NodeId] = frozenset(),
        tables: TableLookup = lambda connection, table: None,
        unreachable: Container[str] = frozenset(),
        left_out: Mapping[tuple[str, str], Container[str]],
        home: ForEach | None = None,
    ) -> None:
        self.graph, self.table, self.earlier = graph, table, earlier
        trigger = graph.trigger
        self.change = trigger if isinstance(trigger, ChangeTrigger) else None
        self.by_hand = isinstance(trigger, ManualTrigger)
        self.has_record = bool(trigger.table)
        self.always, self.failed, self.tables = always, failed, tables
        self.excluded = left_out.get((table.connection, table.name), ()) if table else ()
        self.related = RelatedNames(table, tables, unreachable, left_out) if table else None
        self.off = switched_off(graph)
        self.home = home
        self.steps = {node.id: node for node in graph.nodes if isinstance(node, Action | WaitFor | ForEach)}

    def whole(self) -> Type:
        return of("object")

    def type_of(self, path: str, facts: Facts = frozenset()) -> Type | Unknown:
        root, _, rest = path.partition(".")
        if root in ("before", "after"):
            return self._record(root, rest, facts)
        if root == "related":
            return self._related(rest, facts)
        if root == "now" and not rest:
            return of("timestamp")
        if root == "changed":
            return of("list", item=of("text")) if not rest else ANY
        if root == "batch" and self.graph.policy.batch is not None:
            return of("list", item=ANY) if not rest else ANY
        if root == "event":
            first, _, deeper = rest.partition(".")
            return inside(_EVENT.get(first, ANY), deeper, path, f"event.{first}") if first else of("object")
        if root == "steps":
            return self._step(path, rest, facts)
        if self.home is not None and root in ("item", "index"):
            return of("number") if path == "index" else self._item(self.home, rest, facts)
        roots = ["before", "after", "related", "changed", "event", "now", "steps"]
        roots += ["item", "index"] if self.home is not None else []
        if self.table and self.table.column(path):
            words = f'Say which: "after.{path}" or "before.{path}".'
            return Unknown("unknown-variable", words, f"after.{path}", args=_args(path, f"after.{path}"))
        return Unknown(
            "unknown-variable",
            f'There is no "{root}" here. Known are: {", ".join(roots)}.',
            nearest(path, roots),
            args=_args(root, nearest(path, roots)),
        )

    def _item(self, home: ForEach, rest: str, facts: Facts) -> Type | Unknown:
        """As the list says: what stands at its first place, or what its items are."""
        over = home.over
        path = over.get("var") if isinstance(over, dict) and len(over) == 1 else None
        if rest and isinstance(path, str) and path:
            return self.type_of(f"{path}.0.{rest}", facts)
        scope = Scope(self, "", home.id, over, facts)
        root = root_of(over)
        listed = None if root is None else root.typecheck(scope)
        found = None if listed is None or scope.problems else listed.item
        return ANY if found is None else inside(found, rest, f"item.{rest}", "item")

    def _record(self, root: str, rest: str, facts: Facts) -> Type | Unknown:
        if isinstance(self.graph.trigger, WebhookTrigger) and root == "after":
            sample = self.graph.trigger.sample
            return ANY if sample is None and rest else in_sample(as_data(sample), rest, root)
        if not self.has_record:
            words = f'This trigger has no record, so "{root}" is always empty.'
            return Unknown("no-record", words)
        never, maybe = self._presence(root)
        maybe = maybe and not any(fact == root or fact.startswith(f"{root}.") for fact in facts)
        if never:
            better = f"after.{rest}" if root == "before" and rest else f"before.{rest}" if rest else None
            when = "being added" if root == "before" else "being deleted"
            code = "before-on-insert" if root == "before" else "after-on-delete"
            words = f'A record that is {when} has no "{root}", it is always empty.'
            return Unknown(code, words, better)
        if not rest:
            return of("object", "null") if maybe else of("object")
        if self.table is None:
            return TOLD
        name, _, deeper = rest.partition(".")
        column = self.table.column(rest) or self.table.column(name)
        if column is None:
            known = [c.name for c in self.table.columns]
            found = nearest(name, known)
            words = f'The table {self.table.name} has no column "{name}".{did_you_mean(name, known)}'
            args: dict[str, JSON] = {"column": name, "table": self.table.name, **suggested(name, known)}
            return Unknown("unknown-column", words, f"{root}.{found}" if found else None, args=args)
        if not self.by_hand and column.name in self.excluded:
            words = f'"{column.name}" is left out of what is captured from {self.table.name}: here it is always empty.'
            args = {"column": column.name, "table": self.table.name}
            return Unknown("column-not-captured", words, args=args)
        if deeper and column.name == name:
            if column.type in ("json", "array", "other"):
                return ANY
            words = f'"{name}" is {column.type}, nothing is inside it.'
            args = {"column": rest, "table": self.table.name, "suggestion": name}
            if column.references and self.related and root != "before":
                better, words = self.related.misplaced(column, deeper)
                args = {"column": name, "references": column.references, "part": "reference"}
                return Unknown("unknown-column", words, better, args=args | {"suggestion": better})
            return Unknown("unknown-column", words, f"{root}.{name}", args=args)
        return column_type(column, nullable=column.nullable or maybe)

    def _related(self, rest: str, facts: Facts) -> Type | Unknown:
        if not self.has_record:
            return Unknown("no-record", 'This trigger has no record, so "related" is always empty.')
        if not rest:
            words = 'Say which related record and field, for example "related.owner_id.name".'
            return Unknown("related-without-field", words, args={"column": "", "table": ""})
        return self.related.type_of(rest, facts) if self.related else ANY

    def _presence(self, root: str) -> tuple[bool, bool]:
        """Is the record on this side never there, or sometimes not?"""
        if self.change is None:
            return root == "before", False
        events = self.change.events
        absent = "insert" if root == "before" else "delete"
        return set(events) == {absent}, absent in events

    def _step(self, path: str, rest: str, facts: Facts) -> Type | Unknown:
        name, _, deeper = rest.partition(".")
        if not name:
            return of("object")
        known = sorted(self.earlier)
        if NodeId(name) in self.off:
            words = f'The step "{name}" is switched off, so it has no answer.'
            return Unknown("step-off", words, args={"step": name})
        if name not in self.earlier:
            words = f'No action "{name}" comes before this step.{did_you_mean(name, known)}'
            found = nearest(name, known)
            better = f"steps.{found}.{deeper}".rstrip(".") if found else None
            step: dict[str, JSON] = {"step": name, **suggested(name, known)}
            return Unknown("unknown-step", words, better, args=step)
        if deeper == "state":
            return of("text")
        if deeper.partition(".")[0] == "error":
            return self._error(NodeId(name), deeper.partition(".")[2])
        if deeper and deeper.partition(".")[0] not in ("output", "state"):
            better = f"steps.{name}.output.{deeper}"
            words = f'A step has "output", "state" and "error", not "{deeper}".'
            return Unknown("unknown-variable", words, better, args=_args(path, better))
        return self._output(NodeId(name), deeper, facts)

    def _error(self, name: NodeId, part: str) -> Type | Unknown:
        """Why the step failed: nothing where it did not."""
        if part and part not in _ERROR:
            found = nearest(part, _ERROR)
            better = f"steps.{name}.error.{found or 'message'}"
            words = f'An error has "message" and "code", not "{part}".'
            return Unknown(
                "unknown-variable", words, better, args=_args(f"steps.{name}.error.{part}", better)
            )
        found_type = of("text") if part else of("object")
        return found_type if name in self.failed else found_type.with_null()

    def _output(self, name: NodeId, deeper: str, facts: Facts) -> Type | Unknown:
        """Of a step that only some ways lead through, perhaps nothing."""
        found = (
            output_type(self.steps[name], deeper.partition(".")[2], self.graph, self.tables, facts)
            if deeper
            else ANY
        )
        if isinstance(found, Unknown) or name in self.always:
            return found
        return found.with_null()


def _args(variable: str, better: str | None) -> dict[str, JSON]:
    args: dict[str, JSON] = {"variable": variable}
    if better:
        args["suggestion"] = better
    return args
