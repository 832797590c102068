"""Import: our document, a bundle of them, or a bare JSON Logic expression with its trigger. Idempotent by name.

What comes in is a draft, off; a rule of the same name gets a new draft and stays as it is otherwise.
"""

from __future__ import annotations

from typing import Final, Literal

from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.api.caller import Caller
from ruleyard.api.checking import check_documents, name_of, refuse_over_limits, surroundings
from ruleyard.api.house import House
from ruleyard.api.shapes.rules import Imported, ImportedRule
from ruleyard.core.errors import Conflict, Invalid
from ruleyard.core.types import JSON, JSONObject
from ruleyard.stores import audit, rules

Action = Literal["create", "update", "same"]
MOST: Final = 200


def documents_of(body: JSONObject) -> list[JSONObject]:
    """The documents of an import. Invalid where it is none of the three forms."""
    if "rules" in body:
        bundle = body["rules"]
        if not isinstance(bundle, list) or not bundle or not all(isinstance(one, dict) for one in bundle):
            raise Invalid("`rules` is a list of rule documents.", code="bad-import")
        if len(bundle) > MOST:
            raise Invalid(f"A bundle has at most {MOST} rules.", code="bad-import")
        return [one for one in bundle if isinstance(one, dict)]
    if "nodes" in body:
        return [body]
    if "logic" in body and isinstance(body.get("trigger"), dict):
        return [bare(body)]
    raise Invalid(
        'This is no rule: send a rule document, `{"rules": […]}`, or `{"logic": …, "trigger": {…}}`.',
        code="bad-import",
    )


def bare(body: JSONObject) -> JSONObject:
    """A bare expression and its trigger as a document: trigger → condition (→ the actions given, in order)."""
    trigger, actions = body["trigger"], body.get("actions", [])
    assert isinstance(trigger, dict)  # noqa: S101 - the caller looked
    nodes: list[JSON] = [
        {"id": "t", **{k: v for k, v in trigger.items() if k not in ("id", "kind")}, "kind": "trigger"},
        {"id": "c", "kind": "condition", "logic": body["logic"]},
    ]
    edges: list[JSON] = [["t", "c"]]
    for place, action in enumerate(actions if isinstance(actions, list) else [], 1):
        if not isinstance(action, dict):
            raise Invalid(f"Action {place} is an object with `do` and `fields`.", code="bad-import")
        nodes.append(
            {"id": f"a{place}", "kind": "action", "do": action.get("do"), "fields": action.get("fields", {})}
        )
        edges.append(["c", "a1", "yes"] if place == 1 else [f"a{place - 1}", f"a{place}"])
    return {"dialect": 1, "name": body.get("name") or "Imported rule", "nodes": nodes, "edges": edges}


async def import_documents(
    house: House, conn: AsyncConnection, caller: Caller, body: JSONObject, *, dry_run: bool
) -> Imported:
    """What was (or would be) made of each document, with its problems. A document over the limits refuses all."""
    documents = documents_of(body)
    for document in documents:
        refuse_over_limits(document)
    names = [name_of(document) for document in documents]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Conflict(f"Two rules of this bundle have the same name: {', '.join(twice)}.", code="bad-import")
    checked = await check_documents(house.models, await surroundings(conn), documents)
    items: list[ImportedRule] = []
    for document, name, found in zip(documents, names, checked, strict=True):
        rule_id = await rules.rule_named(conn, name)
        same = rule_id is not None and (await rules.draft_of(conn, rule_id)).document == document
        action: Action = "same" if same else "create" if rule_id is None else "update"
        if not dry_run and action != "same":
            if rule_id is None:
                rule_id = await rules.create_rule(
                    conn, name=name, document=document, layout={}, by=caller.account_id
                )
            else:
                await rules.save_draft(
                    conn, rule_id, document=document, layout=None, etag=None, by=caller.account_id
                )
            await audit.record(conn, caller, "import rule", f"rule:{rule_id}", {"action": action})
        items.append(ImportedRule(name, rule_id, action, found.problems, document))
    return Imported(tuple(items))
