"""How many parts a text message takes: GSM 7-bit where every character is in that alphabet, else UCS-2. Pure.

The same in the browser (frontend/src/model/smsParts.ts), by the same vectors (shared-schemas/vectors/sms).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""Source: 3GPP TS 23.038, the default alphabet."""
GSM_TWO: Final = frozenset("\f^{}\\[~]|€")
"""Source: the same, its extension table: two places each."""
LENGTHS: Final = {"gsm": (160, 153), "ucs2": (70, 67)}
"""Places of a message that stands alone, and of one part of several (a header takes the rest)."""


@dataclass(frozen=True)
class SmsParts:
    """`left`: places free in the last part. `units`: places taken."""

    alphabet: Literal["gsm", "ucs2"]
    units: int
    parts: int
    left: int


def sms_parts(text: str) -> SmsParts:
    """What a text takes. No character is torn between two parts."""
    gsm = all(one in GSM or one in GSM_TWO for one in text)
    alphabet: Literal["gsm", "ucs2"] = "gsm" if gsm else "ucs2"
    sizes = [(2 if one in GSM_TWO else 1) if gsm else (2 if ord(one) > 0xFFFF else 1) for one in text]
    alone, each = LENGTHS[alphabet]
    units = sum(sizes)
    if units <= alone:
        return SmsParts(alphabet, units, 1 if units else 0, alone - units)
    parts, filled = 1, 0
    for size in sizes:
        if filled + size > each:
            parts, filled = parts + 1, 0
        filled += size
    return SmsParts(alphabet, units, parts, each - filled)
