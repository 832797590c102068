"""What a mail that asks for approval says, in the language of whom it goes to. Pure."""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import Final, NamedTuple, TypedDict


class Said(TypedDict):
    """What a letter is about. `until` is an aware instant, told in UTC."""

    question: str
    details: str
    link: str
    until: datetime


class Words(NamedTuple):
    asks: str
    """Before the question, in the subject."""
    reminds: str
    open: str
    button: str
    once: str
    until: str


WORDS: Final = {
    "en": Words(
        "Please decide: {question}",
        "Reminder – please decide: {question}",
        "Open this page to approve or refuse (you need not sign in):",
        "Approve or refuse",
        "The link is for you alone. Nothing is decided until you press a button on the page.",
        "Please answer by {until} UTC.",
    ),
    "ko": Words(
        "결정해 주세요: {question}",
        "알림 – 결정해 주세요: {question}",
        "아래 페이지에서 승인하거나 거절하세요(로그인하지 않아도 됩니다):",
        "승인 또는 거절",
        "이 링크는 본인 전용입니다. 페이지에서 버튼을 누르기 전에는 아무것도 결정되지 않습니다.",
        "{until} UTC까지 답해 주세요.",
    ),
    "zh": Words(
        "请决定：{question}",
        "提醒：请决定：{question}",
        "请打开此页面批准或拒绝（无需登录）：",
        "批准或拒绝",
        "此链接仅供您本人使用。在页面上按下按钮之前，不会做出任何决定。",
        "请在 {until} UTC 之前答复。",
    ),
    "ru": Words(
        "Нужно ваше решение: {question}",
        "Напоминание – нужно ваше решение: {question}",
        "Откройте эту страницу, чтобы согласовать или отказать (входить не нужно):",
        "Согласовать или отказать",
        "Ссылка только для вас. Ничего не решено, пока вы не нажмёте кнопку на странице.",
        "Ответьте, пожалуйста, до {until} UTC.",
    ),
}


def subject_of(language: str, number: int, question: str) -> str:
    words = WORDS.get(language, WORDS["en"])
    return (words.reminds if number else words.asks).format(question=question)


def body_of(language: str, *, question: str, details: str, link: str, until: datetime) -> str:
    """The whole text; `until` is an aware instant, told in UTC."""
    words = WORDS.get(language, WORDS["en"])
    parts = [
        question,
        details.strip(),
        f"{words.open}\n{link}",
        words.until.format(until=f"{until:%Y-%m-%d %H:%M}"),
        words.once,
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def html_of(language: str, *, question: str, details: str, link: str, until: datetime) -> str:
    """The same as a page, for phones and the dark too, with the link as a button; what records hold is escaped."""
    spoken = language if language in WORDS else "en"
    words = WORDS[spoken]
    lines = escape(details.strip()).replace("\n", "<br>")
    parts = [
        f'<h2 style="{_HEADING}">{escape(question)}</h2>',
        f"<p>{lines}</p>" if lines else "",
        f'<p><a href="{escape(link)}" style="{_BUTTON}">{escape(words.button)}</a></p>',
        f"<p>{escape(words.until.format(until=f'{until:%Y-%m-%d %H:%M}'))}<br>{escape(words.once)}</p>",
    ]
    body = "\n".join(part for part in parts if part)
    paper = f"{_PAPER};word-break:keep-all" if spoken == "ko" else _PAPER
    return (
        f'<!doctype html>\n<html lang="{spoken}">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"></head>\n'
        f'<body>\n<div style="{paper}">\n{body}\n</div>\n</body>\n</html>\n'
    )


_PAPER: Final = (
    "max-width:560px;margin:0 auto;padding:16px;font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;"
    "font-size:16px;line-height:1.5;overflow-wrap:anywhere"
)
_HEADING: Final = "margin:0 0 16px;font-size:22px;line-height:1.3"
_BUTTON: Final = (
    "display:inline-block;padding:10px 18px;border-radius:8px;background:#6741d9;color:#ffffff;"
    "font-weight:600;text-decoration:none"
)
