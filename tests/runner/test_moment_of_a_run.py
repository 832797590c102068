"""A run decides by the moment of its change, however late it is performed."""

from __future__ import annotations

from runner.house import House
from support.servers import smtp_receiver

ON_MAY_1 = {"===": [{"date_part": [{"var": "now"}, "date", "UTC"]}, "2026-05-01"]}
MAIL = {
    "id": "m",
    "kind": "action",
    "do": "send_email",
    "fields": {
        "to": "ann@example.com",
        "subject": {"cat": ["On ", {"date_part": [{"var": "now"}, "date", "UTC"]}]},
        "body": "See you.",
    },
}


async def test_its_conditions_and_texts_say_the_day_of_the_change(house: House) -> None:
    async with smtp_receiver() as receiver:
        await house.smtp(receiver.port)
        version = await house.publish(
            {"id": "c", "kind": "condition", "logic": ON_MAY_1}, MAIL, edges=[["t", "c"], ["c", "m", "yes"]]
        )
        await house.open(version, house.event())
        await house.perform()
        [mail] = await receiver.wait_for(1)
    assert mail.message["Subject"] == "On 2026-05-01"
