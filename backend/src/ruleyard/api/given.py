"""What a handler is given by name: the house, the caller, the visitor who may be nobody."""

from __future__ import annotations

from litestar.di import NamedDependency

from ruleyard.api.caller import Caller
from ruleyard.api.house import House

OurHouse = NamedDependency[House]
TheCaller = NamedDependency[Caller]
Visitor = NamedDependency[Caller | None]
