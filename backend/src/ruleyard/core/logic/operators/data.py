"""Operators that read the data: var, missing, missing_some, preserve."""

from __future__ import annotations

from typing import Any, Final

from ruleyard.core.logic.budget import MAX_PATH, Broken, Budget
from ruleyard.core.logic.dialect import BY_NAME
from ruleyard.core.logic.operators.base import Known
from ruleyard.core.logic.tree import Fn, Literal, Node, Wrap
from ruleyard.core.logic.typecheck import Scope, Type
from ruleyard.core.logic.values import number_of, text_of
from ruleyard.core.types import JSON


class _Nothing:
    """Told apart from a stored null."""


NOTHING = _Nothing()


ABSENT: Final = (LookupError, TypeError)
"""What reading a text key of a JSON value raises where it has none. Lists do not have any: look_up reads those."""


def keys_of(path: JSON, at: str) -> tuple[str, ...]:
    """The keys of a dotted path; none for the whole data (null or "")."""
    text = text_of(path, at) if not isinstance(path, str) else path
    if len(text) > MAX_PATH:
        raise Broken(at, "too-big", f"This path has more than {MAX_PATH:,} characters.")
    return tuple(text.split(".")) if text else ()


def look_up(data: JSON, keys: tuple[str, ...]) -> JSON | _Nothing:
    """The value below own keys and list positions, or NOTHING."""
    value = data
    for key in keys:
        if isinstance(value, dict):
            if key not in value:
                return NOTHING
            value = value[key]
        elif isinstance(value, list):
            if not (key.isascii() and key.isdigit() and len(key) < 10 and (key == "0" or key[0] != "0")):
                return NOTHING
            index = int(key)
            if index >= len(value):
                return NOTHING
            value = value[index]
        else:
            return NOTHING
    return value


def reader(keys: tuple[str, ...]) -> Fn:
    """A closure that reads a fixed path; null where there is nothing."""
    if not keys:
        return lambda data, budget: data
    if len(keys) == 2:
        first, second = keys

        def read_two(data: Any, budget: Budget) -> JSON:
            try:
                return data[first][second]  # type: ignore[no-any-return]  # text keys: only dicts have any
            except ABSENT:
                found = look_up(data, keys)
                return None if isinstance(found, _Nothing) else found

        return read_two

    def read(data: JSON, budget: Budget) -> JSON:
        found = look_up(data, keys)
        return None if isinstance(found, _Nothing) else found

    return read


class Var(Known):
    def keys(self) -> tuple[str, ...] | None:
        """The fixed path, None where it is computed."""
        if not self.args:
            return ()
        path = self.args[0]
        if type(path) is Literal and not isinstance(path.value, (dict, list)):
            if isinstance(path.value, str) and len(path.value) > MAX_PATH:
                return None
            return keys_of(path.value, self.path)
        return None

    def compile(self, wrap: Wrap) -> Fn:
        keys = self.keys()
        if keys is not None and len(self.args) < 2:
            return reader(keys)
        path_fn = self.child(0, wrap)
        default = self.child(1, wrap) if len(self.args) > 1 else None
        at = self.path

        def run(data: JSON, budget: Budget) -> JSON:
            found = look_up(data, keys_of(path_fn(data, budget), at))
            if isinstance(found, _Nothing):
                return default(data, budget) if default else None
            return found

        return run

    def typecheck(self, context: Scope) -> Type:
        return context.variable(self)


def fixed_keys(node: Node) -> tuple[str, ...] | None:
    """The keys of a variable with a fixed path and no default."""
    return node.keys() if type(node) is Var and len(node.args) == 1 else None


def missing(data: JSON, keys: list[JSON], budget: Budget, at: str) -> list[JSON]:
    budget.spend(len(keys), at)
    absent: list[JSON] = []
    for key in keys:
        found = look_up(data, keys_of(key, at))
        if isinstance(found, _Nothing) or found is None or found == "":
            absent.append(key)
    return absent


class Missing(Known):
    def compile(self, wrap: Wrap) -> Fn:
        args, at = self.children(wrap), self.path

        def run(data: JSON, budget: Budget) -> JSON:
            keys: list[JSON] = [arg(data, budget) for arg in args]
            if keys and isinstance(keys[0], list):
                keys = keys[0]
            return missing(data, keys, budget, at)

        return run

    def typecheck(self, context: Scope) -> Type:
        return context.by_table(self, BY_NAME["missing"], ("written",))


class MissingSome(Known):
    def compile(self, wrap: Wrap) -> Fn:
        need_fn, keys_fn = self.children(wrap)
        at = self.path

        def run(data: JSON, budget: Budget) -> JSON:
            need, keys = number_of(need_fn(data, budget), at), keys_fn(data, budget)
            if not isinstance(keys, list):
                self.fail("bad-arguments", "missing_some needs a list of paths.")
            absent = missing(data, keys, budget, at)
            return [] if len(keys) - len(absent) >= need else absent

        return run

    def typecheck(self, context: Scope) -> Type:
        return context.by_table(self, BY_NAME["missing_some"], ("number", "paths"))


class Preserve(Known):
    def compile(self, wrap: Wrap) -> Fn:
        literal = self.args[0]
        value = literal.value if isinstance(literal, Literal) else None
        return lambda data, budget: value

    def typecheck(self, context: Scope) -> Type:
        return self.args[0].typecheck(context)
