"""Two versions of a rule compared, and tried side by side on the history."""

from __future__ import annotations

import httpx

from api.conftest import published, rule_document
from ruleyard.stores.connections import Connection


async def test_versions_are_compared_in_words_with_a_record_that_separates_them(
    client: httpx.AsyncClient, watched_leads: Connection
) -> None:
    rule = await published(client, rule_document())
    at = f"/rules/{rule['id']}"
    second = rule_document()
    second["nodes"][1]["logic"] = {"===": [{"var": "after.status"}, "lost"]}
    draft = (await client.get(at)).json()["draft"]
    headers = {"If-Match": f'"{draft["etag"]}"'}
    saved = await client.put(f"{at}/draft", json={"document": second}, headers=headers)
    assert saved.status_code == 200, saved.text
    draft = saved.json()
    assert (await client.post(f"{at}/publish", json={"etag": draft["etag"]})).status_code == 201
    found = (await client.get(f"{at}/versions/1/diff/2")).json()
    assert [one["words"] for one in found["changes"]] == [
        'The condition is now: status is "lost" (it was: status is "won").'
    ]
    assert found["verdict"]["outcome"] == "different"
    assert found["verdict"]["after"]["status"] in ("won", "lost")
    assert (await client.get(f"{at}/versions/1/diff/3")).status_code == 404
    side_by_side = {"rule_id": rule["id"], "version": 2, "against": 1}
    assert (await client.post("/backtests", json=side_by_side)).status_code == 202
