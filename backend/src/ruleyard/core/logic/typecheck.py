from typing import Any


class Type: ...


class Scope:
    def __getattr__(self, name: str) -> Any: ...
