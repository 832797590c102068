"""A system that speaks HTTP, as a connection knows it: its base address and how to sign in there.

A request of a connection never leaves the base address: not to another host, and not above its path.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import unquote

import httpx

from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.guard import Blocked, read_url

SignIn = Literal["none", "bearer", "basic", "header"]
_UNFIT: Final = re.compile(r"[\\\s\x00-\x1f\x7f#]")


@dataclass(frozen=True)
class HttpPlace:
    """`header` names the header of sign-in `header`; `token` is what it (or `Authorization: Bearer`) carries.

    `signing_secret` (whsec_…) signs webhooks. Secrets do not show when it is printed.
    """

    name: str
    base_url: str
    sign_in: SignIn = "none"
    user: str = ""
    header: str = ""
    token: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        """All that must never be seen, as it is sent."""
        basic = f"{self.user}:{self.password}" if self.sign_in == "basic" else ""
        return tuple(one for one in (self.token, self.password, basic, self.signing_secret) if one)

    def headers(self) -> dict[str, str]:
        """What signs in; names in lower case. ActionFailed where the secret is missing."""
        if self.sign_in == "none":
            return {}
        secret = self.password if self.sign_in == "basic" else self.token
        if not secret:
            raise ActionFailed(
                f"The connection {self.name} is not set up: its secret is missing.",
                code="connection-not-set-up",
                args={"name": self.name},
            )
        if self.sign_in == "bearer":
            return {"authorization": f"Bearer {secret}"}
        if self.sign_in == "basic":
            return {"authorization": "Basic " + base64.b64encode(f"{self.user}:{secret}".encode()).decode()}
        return {self.header.lower(): secret}

    def address(self, path: str) -> str:
        """The whole address of a path below the base address (or of an address that is below it). ActionFailed else."""
        base = read_url(self.base_url)
        text = path.strip()
        if not re.match(r"(?i)[a-z][a-z0-9+.-]*:|//", text):
            text = f"{self.base_url.rstrip('/')}/{text.lstrip('/')}"
        try:
            if _UNFIT.search(text):
                raise ValueError("it has characters that an address cannot carry")
            whole = read_url(text)
            if (whole.scheme, whole.host, whole.port) != (base.scheme, base.host, base.port):
                raise ValueError("it leads to another host")
            if not _below(whole, base):
                raise ValueError("it leads out of the base address")
        except (Blocked, ValueError) as error:
            raise ActionFailed(
                f"“{path}” is not below {self.base_url}, the address of the connection {self.name}: {error}.",
                code="outside-connection",
                args={"path": path, "base": self.base_url, "name": self.name},
            ) from None
        return str(whole)


def _below(whole: httpx.URL, base: httpx.URL) -> bool:
    path = whole.raw_path.partition(b"?")[0].decode("ascii")
    segments = unquote(unquote(path)).replace("\\", "/").split("/")
    if any(segment in (".", "..") for segment in segments):
        return False
    root = base.raw_path.partition(b"?")[0].decode("ascii").rstrip("/")
    return path == root or path.startswith(root + "/")
