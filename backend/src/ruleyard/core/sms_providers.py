"""Ready-made templates of SMS providers whose sign-in is plain (a password, a key). Each says where its format is from.

As documented when this was written; a provider that is not here is described by a template of one's own.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from ruleyard.core.sms_template import SmsTemplate


class SmsProvider(msgspec.Struct, frozen=True):
    """`docs`: the provider's own page, which people look at for account, key and sender."""

    id: str
    name: str
    docs: str
    template: SmsTemplate
    country: str = ""
    """The calling code to begin with."""
    sender: Literal["needed", "optional", "none"] = "needed"


PROVIDERS: Final[tuple[SmsProvider, ...]] = (
    SmsProvider(
        "twilio",
        "Twilio",
        "https://www.twilio.com/docs/messaging/api/message-resource",
        # 201 with `sid`; errors are 4xx with `code`, `message`, `more_info`.
        SmsTemplate(
            url="https://api.twilio.com/2010-04-01/Accounts/{user}/Messages.json",
            sign_in="basic",
            body={"To": "{to}", "From": "{sender}", "Body": "{text}"},
            id_at="sid",
            said_at=("message",),
        ),
    ),
    SmsProvider(
        "vonage",
        "Vonage (Nexmo)",
        "https://developer.vonage.com/en/api/sms",
        # 200 always; `messages[0].status` "0" is a success, "1" is throttled; words in `error-text`.
        SmsTemplate(
            url="https://rest.nexmo.com/sms/json",
            body={
                "api_key": "{user}",
                "api_secret": "{secret}",
                "to": "{to_digits}",
                "from": "{sender}",
                "text": "{text}",
                "type": "{coding}",
            },
            id_at="messages.0.message-id",
            ok_at="messages.0.status",
            ok_in=("0",),
            later_in=("1",),
            said_at=("messages.0.error-text",),
        ),
    ),
    SmsProvider(
        "messagebird",
        "Bird (MessageBird)",
        "https://developers.messagebird.com/api/sms-messaging/",
        # 201 with `id`; errors are 4xx with `errors[].description`.
        SmsTemplate(
            url="https://rest.messagebird.com/messages",
            headers={"Authorization": "AccessKey {secret}"},
            format="json",
            body={
                "originator": "{sender}",
                "recipients": ["{to_digits}"],
                "body": "{text}",
                "datacoding": "auto",
            },
            id_at="id",
            said_at=("errors.0.description",),
        ),
    ),
    SmsProvider(
        "aligo",
        "Aligo (알리고)",
        "https://smartsms.aligo.in/smsapi.html",
        # 200 always; `result_code` 1 is a success, negative ones are errors; words in `message`.
        SmsTemplate(
            url="https://apis.aligo.in/send/",
            body={
                "key": "{secret}",
                "user_id": "{user}",
                "sender": "{sender}",
                "receiver": "{to_local}",
                "msg": "{text}",
            },
            id_at="msg_id",
            ok_at="result_code",
            ok_in=("1",),
            said_at=("message",),
        ),
        country="82",
    ),
    SmsProvider(
        "yunpian",
        "云片 (Yunpian)",
        "https://www.yunpian.com/official/document/sms/zh_CN/domestic_single_send",
        # `code` 0 is a success, others are errors with `msg` and `detail`; numbers at home without +86.
        SmsTemplate(
            url="https://sms.yunpian.com/v2/sms/single_send.json",
            body={"apikey": "{secret}", "mobile": "{to_local}", "text": "{text}"},
            id_at="sid",
            ok_at="code",
            ok_in=("0",),
            said_at=("detail", "msg"),
        ),
        country="86",
        sender="none",
    ),
    SmsProvider(
        "smsru",
        "SMS.ru",
        "https://sms.ru/api/send",
        # 200 always; the message's own `status_code` 100 is a success; words in `status_text`, of it or of the whole.
        SmsTemplate(
            url="https://sms.ru/sms/send",
            body={
                "api_id": "{secret}",
                "to": "{to_digits}",
                "msg": "{text}",
                "from": "{sender}",
                "json": "1",
            },
            id_at="sms.*.sms_id",
            ok_at="sms.*.status_code",
            ok_in=("100",),
            said_at=("sms.*.status_text", "status_text"),
        ),
        country="7",
        sender="optional",
    ),
    SmsProvider(
        "smsc",
        "SMSC.ru",
        "https://smsc.ru/api/http/",
        # `fmt=3` answers JSON: `id` and `cnt`, or `error` and `error_code`.
        SmsTemplate(
            url="https://smsc.ru/sys/send.php",
            body={
                "login": "{user}",
                "psw": "{secret}",
                "phones": "{to}",
                "mes": "{text}",
                "sender": "{sender}",
                "charset": "utf-8",
                "fmt": "3",
            },
            id_at="id",
            said_at=("error",),
        ),
        country="7",
        sender="optional",
    ),
)

BY_ID: Final = {provider.id: provider for provider in PROVIDERS}
