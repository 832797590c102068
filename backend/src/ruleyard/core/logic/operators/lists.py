"""Lists: map, filter, reduce, all, some, none, merge. Each pass costs as many steps as the body has nodes."""

from __future__ import annotations

from ruleyard.core.logic.budget import LIST_ITEM_COST, Budget
from ruleyard.core.logic.operators.base import Known
from ruleyard.core.logic.tree import Fn, Wrap, enclose
from ruleyard.core.logic.typecheck import Scope, Type
from ruleyard.core.logic.values import truthy
from ruleyard.core.types import JSON


class PerItem(Known):
    """The body (second argument) sees the item as its data. It is not traced: it has one value per item."""

    def typecheck(self, context: Scope) -> Type:
        return context.per_item(self)


class Map(PerItem):
    def compile(self, wrap: Wrap) -> Fn:
        items_fn, body = self.child(0, wrap), enclose(self.args[1], None)
        at, cost = self.path, self.args[1].size

        def run(data: JSON, budget: Budget) -> JSON:
            items = items_fn(data, budget)
            if not isinstance(items, list):
                return []
            made: list[JSON] = []
            for item in items:
                budget.spend(cost, at)
                budget.produce(LIST_ITEM_COST, at)
                made.append(body(item, budget))
            return made

        return run


class Filter(PerItem):
    def compile(self, wrap: Wrap) -> Fn:
        items_fn, body = self.child(0, wrap), enclose(self.args[1], None)
        at, cost = self.path, self.args[1].size

        def run(data: JSON, budget: Budget) -> JSON:
            items = items_fn(data, budget)
            if not isinstance(items, list):
                return []
            kept: list[JSON] = []
            for item in items:
                budget.spend(cost, at)
                if truthy(body(item, budget)):
                    budget.produce(LIST_ITEM_COST, at)
                    kept.append(item)
            return kept

        return run


class Quantifier(PerItem):
    """all, some, none."""

    def boolean(self) -> bool:
        return True

    def compile(self, wrap: Wrap) -> Fn:
        items_fn, body = self.child(0, wrap), enclose(self.args[1], None)
        at, cost, name = self.path, self.args[1].size, self.operator

        def run(data: JSON, budget: Budget) -> JSON:
            items = items_fn(data, budget)
            if not isinstance(items, list) or not items:
                return name == "none"
            for item in items:
                budget.spend(cost, at)
                holds = truthy(body(item, budget))
                if holds and name != "all":
                    return name == "some"
                if not holds and name == "all":
                    return False
            return name != "some"

        return run


class Reduce(PerItem):
    def compile(self, wrap: Wrap) -> Fn:
        items_fn, body = self.child(0, wrap), enclose(self.args[1], None)
        start = self.child(2, wrap) if len(self.args) > 2 else None
        at, cost = self.path, self.args[1].size

        def run(data: JSON, budget: Budget) -> JSON:
            items = items_fn(data, budget)
            value: JSON = start(data, budget) if start else None
            if not isinstance(items, list):
                return value
            for item in items:
                budget.spend(cost, at)
                value = body({"current": item, "accumulator": value}, budget)
            return value

        return run


class Merge(Known):
    def compile(self, wrap: Wrap) -> Fn:
        args, at = self.children(wrap), self.path

        def run(data: JSON, budget: Budget) -> JSON:
            merged: list[JSON] = []
            for arg in args:
                value = arg(data, budget)
                if isinstance(value, list):
                    budget.produce(LIST_ITEM_COST * len(value), at)
                    merged.extend(value)
                else:
                    budget.produce(LIST_ITEM_COST, at)
                    merged.append(value)
            return merged

        return run
