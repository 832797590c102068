"""What the file of a report is called: its title, as every system takes a name. Pure."""

from __future__ import annotations

import re
from typing import Final

_CHARS: Final = 100
_UNFIT: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f-\x9f\u2028\u2029]+')


def file_name(title: str, fmt: str) -> str:
    """Without slashes and the like, never hidden, never empty."""
    name = _UNFIT.sub(" ", title).strip(" .")[:_CHARS].strip(" .")
    return f"{name or 'report'}.{fmt}"
