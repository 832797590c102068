"""Ringing: jobs are put down for whoever works, and live news for whoever listens.

Knows job ids (`lane:<log>:<lane>`, `slot:<n>`, `<chore>:<id>`) and the live channel; knows nothing of what a job does.
Redis being down is not an error here: it is said once, and nobody waits for it.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from importlib import resources
from typing import Any, Final, Literal

import msgspec
from arq.constants import default_queue_name, job_key_prefix
from arq.jobs import serialize_job
from redis.asyncio import Redis
from redis.exceptions import RedisError

from ruleyard.core.types import JSONObject, LogId
from ruleyard.endings import end_tasks
from ruleyard.settings import Settings

log = logging.getLogger(__name__)

LIVE_CHANNEL: Final = "ruleyard:live"
RESET: Final[JSONObject] = {"kind": "reset", "data": {}}
"""In place of live news that nobody heard: look again."""
BELL: Final = "ruleyard:bell"
AGAIN: Final = "ruleyard:again:"
REDIS_TIMEOUT_S: Final = 1.0
QUIET_S: Final = 10.0
"""The live channel is asked whether it still stands after so long without news, and given up as long after that."""
JOB_EXPIRES_MS: Final = 86_400_000
GONE: Final = (RedisError, OSError, TimeoutError)

Chore = Literal["backtest", "catch_up"]
"""Work that somebody asked for once, known by its number."""


def script(name: str) -> str:
    return resources.files(__package__).joinpath(f"{name}.lua").read_text(encoding="utf-8")


RING: Final = script("ring")


class Bells:
    """Ring jobs and publish live news. Every method returns quietly when Redis is away.

    Who finds it away waits a second for that; nobody else does until it answers again, which is asked beside them.
    """

    def __init__(self, redis_url: str, *, quiet_s: float = QUIET_S) -> None:
        self._redis: Redis = Redis.from_url(
            redis_url, socket_timeout=REDIS_TIMEOUT_S, socket_connect_timeout=REDIS_TIMEOUT_S
        )
        self._redis_url, self._quiet_s = redis_url, quiet_s
        self._away = False
        self._asking: asyncio.Task[None] | None = None

    async def ring_lanes(self, pairs: Iterable[tuple[LogId, int]]) -> None:
        await self._ring([(f"lane:{log_id}:{lane}", "drain_lane", (log_id, lane)) for log_id, lane in pairs])

    async def ring_slots(self, slots: Iterable[int]) -> None:
        await self._ring([(f"slot:{slot}", "perform_slot", (slot,)) for slot in slots])

    async def ring_chore(self, chore: Chore, number: int) -> None:
        await self._ring([(f"{chore}:{number}", f"run_{chore}", (number,))])

    async def publish_live(self, kind: str, data: JSONObject) -> None:
        """Tell open browsers: kind is run, rule, notification, watch or draft; data only ids."""
        with suppress(RedisAwayError):
            body = msgspec.json.encode({"kind": kind, "data": data})
            await self._try(lambda: self._redis.publish(LIVE_CHANNEL, body))

    async def subscribe_live(self) -> AsyncIterator[JSONObject]:
        """`{"kind", "data"}` for ever; reconnects by itself: RESET stands for what was said meanwhile."""
        again = False
        while True:
            redis: Redis = Redis.from_url(self._redis_url, socket_connect_timeout=REDIS_TIMEOUT_S)
            try:
                async with redis.pubsub() as channel:
                    await channel.subscribe(LIVE_CHANNEL)
                    asked = False
                    while True:
                        message = await channel.get_message(timeout=self._quiet_s)
                        if message is not None:
                            asked = False
                            if message["type"] == "message":
                                yield msgspec.json.decode(message["data"])
                            elif message["type"] == "subscribe":
                                # The client makes a broken line anew by itself, too, and says it only so.
                                if again:
                                    yield RESET
                                again = True
                        elif asked:
                            raise TimeoutError("no answer on the live channel")
                        else:
                            asked = True
                            await asyncio.wait_for(channel.ping(), REDIS_TIMEOUT_S)
            except GONE as error:
                again = True
                self._say_away(error)
            finally:
                await redis.aclose()
            await asyncio.sleep(1 + random.random())  # noqa: S311

    async def ping(self) -> bool:
        """Does Redis answer within a second?"""
        try:
            await self._redis.ping()
        except GONE as error:
            self._say_away(error)
            return False
        self._say_here()
        return True

    async def close(self) -> None:
        if self._asking is not None:
            await end_tasks([self._asking])
        await self._redis.aclose()

    async def _ring(self, jobs: list[tuple[str, str, tuple[int, ...]]]) -> None:
        if not jobs:
            return
        now_ms = int(time.time() * 1000)
        arguments: list[bytes | str | int] = [now_ms, JOB_EXPIRES_MS, 64]
        for job_id, function, args in jobs:
            arguments += [job_id, serialize_job(function, args, {}, None, now_ms, serializer=pack)]
        keys = (job_key_prefix, default_queue_name, BELL, AGAIN)
        with suppress(RedisAwayError):
            await self._try(lambda: self._redis.eval(RING, len(keys), *keys, *arguments))  # type: ignore[arg-type]

    async def _try(self, call: Callable[[], Any]) -> None:
        if self._away:
            if self._asking is None or self._asking.done():
                self._asking = asyncio.create_task(self._ask_until_here())
            raise RedisAwayError
        try:
            await call()
        except GONE as error:
            self._say_away(error)
            raise RedisAwayError from error

    async def _ask_until_here(self) -> None:
        while not await self.ping():  # noqa: ASYNC110  # nobody tells us
            await asyncio.sleep(0.25 + random.random() / 2)  # noqa: S311

    def _say_here(self) -> None:
        if self._away:
            self._away = False
            log.info("Redis answers again")

    def _say_away(self, error: BaseException) -> None:
        if not self._away:
            self._away = True
            log.warning("Redis does not answer (%s); going on without bells", error)


class RedisAwayError(Exception):
    """Inside this module only."""


def connect_bells(settings: Settings) -> Bells:
    """Connects on first use; never raises because Redis is down."""
    return Bells(settings.redis_url)


def pack(value: object) -> bytes:
    return msgspec.msgpack.encode(value, enc_hook=repr)
