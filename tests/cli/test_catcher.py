"""The catcher: every mail and webhook becomes one JSON file."""

from __future__ import annotations

import json
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import httpx

from ruleyard.cli import catcher
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
    assert answer.json() == {"caught": True}
    (hook,) = caught(tmp_path)
    assert (hook["kind"], hook["subject"], hook["json"]) == ("hook", "POST /deals", {"id": 7})


def test_the_oldest_go_when_there_are_too_many(tmp_path: Path) -> None:
    box = catcher.Box(tmp_path)
    for number in range(catcher.KEPT + 2):
        box.put("mail", {"subject": str(number)})
    kept = caught(tmp_path)
    assert len(kept) == catcher.KEPT
    assert "0" not in {message["subject"] for message in kept}
