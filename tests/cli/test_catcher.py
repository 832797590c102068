"""The catcher: every mail, text message and webhook becomes one JSON file."""

from __future__ import annotations

import json
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import httpx

from ruleyard.actions import sms
from ruleyard.actions.guard import Outbound
from ruleyard.cli import catcher
from ruleyard.cli.furnish import local_phone
from ruleyard.core.connection_settings import refuse_unfit
from ruleyard.runner.outside import sms_gateway
from support.waiting import until


def caught(folder: Path) -> list[dict[str, object]]:
    return [json.loads(file.read_text()) for file in sorted(folder.glob("*.json"))]


async def test_a_mail_is_caught_with_its_words(tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "rules@x.example", "ada@x.example", "안녕하세요"
    message.set_content("你好, Ада\n")
    async with catcher.catching(tmp_path, smtp_port=0, http_port=0) as (smtp_port, _):
        await aiosmtplib.send(message, hostname="127.0.0.1", port=smtp_port)
        await until(lambda: caught(tmp_path), what="the mail")
    (mail,) = caught(tmp_path)
    assert (mail["kind"], mail["subject"], mail["to"]) == ("mail", "안녕하세요", ["ada@x.example"])
    assert mail["text"] == "你好, Ада\n"


async def test_a_webhook_is_caught_with_its_json(tmp_path: Path) -> None:
    async with (
        catcher.catching(tmp_path, smtp_port=0, http_port=0) as (_, http_port),
        httpx.AsyncClient() as client,
    ):
        answer = await client.post(f"http://127.0.0.1:{http_port}/deals", json={"id": 7})
    (hook,) = caught(tmp_path)
    assert answer.json() == {"caught": True, "ticket": hook["id"]}
    assert (hook["kind"], hook["subject"], hook["json"]) == ("hook", "POST /deals", {"id": 7})


async def test_a_text_message_through_the_local_phone_is_caught(tmp_path: Path) -> None:
    async with catcher.catching(tmp_path, smtp_port=0, http_port=0) as (_, http_port):
        public = local_phone(http_port)
        refuse_unfit("sms", public)
        gateway = sms_gateway("sms", public, {})
        outbound = Outbound((f"127.0.0.1:{http_port}",))
        sent = await sms.send(gateway, outbound, sms.phone_of("+82 10 1234 5678", ""), "안녕하세요")
    (text,) = caught(tmp_path)
    assert (text["kind"], text["to"], text["text"]) == ("sms", ["+821012345678"], "안녕하세요")
    assert (text["from"], text["id"]) == ("Ruleyard", sent["id"])


async def test_what_is_no_text_message_is_refused_and_a_look_is_not_kept(tmp_path: Path) -> None:
    async with (
        catcher.catching(tmp_path, smtp_port=0, http_port=0) as (_, http_port),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{http_port}") as client,
    ):
        refused = await client.post("/sms", json={"to": 7})
        looked = await client.get("/")
    assert (refused.status_code, looked.status_code, caught(tmp_path)) == (422, 200, [])


def test_the_oldest_go_when_there_are_too_many(tmp_path: Path) -> None:
    box = catcher.Box(tmp_path)
    for number in range(catcher.KEPT + 2):
        box.put("mail", {"subject": str(number)})
    kept = caught(tmp_path)
    assert len(kept) == catcher.KEPT
    assert "0" not in {message["subject"] for message in kept}
