"""A rule as one line of plain English."""

from __future__ import annotations

from ruleyard.core.graph import Graph


def sentence(graph: Graph) -> str:
    """`When a lead's status changes, if …, set owner to senior, then send an e-mail.`"""
    raise NotImplementedError
