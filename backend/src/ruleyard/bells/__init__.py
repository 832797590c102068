"""Bells: Redis and arq. They only say "look again"; losing every one of them delays, never loses.

The only importer of arq. `ring` is for whoever has news, `worker` for whoever works on them.
"""

from ruleyard.bells.ring import RESET, Bells, Chore, connect_bells
from ruleyard.bells.worker import LOOK_EVERY_S, News, Worker, build_worker, nothing_to_look_at

__all__ = [
    "LOOK_EVERY_S",
    "RESET",
    "Bells",
    "Chore",
    "News",
    "Worker",
    "build_worker",
    "connect_bells",
    "nothing_to_look_at",
]
