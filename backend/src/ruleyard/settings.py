"""Settings: read once from the environment, validated at start, refused with a sentence.

Every setting is documented in docs/settings.md (a test fails otherwise).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ruleyard.core.errors import Invalid


@dataclass(frozen=True)
class Settings:
    """What a process needs to know about where it runs. All from RULEYARD_* variables."""

    database_url: str
    """`postgresql://user:password@host:port/dbname`: our own database."""
    redis_url: str
    """`redis://:password@host:port/0`: Redis 6.2+ or Valkey; carries only bells."""
    secret_key: str
    """32 bytes as 64 hex digits; seals connection secrets. Losing it loses them."""
    old_secret_key: str = ""
    """The key until now, while it is being changed: opens, never seals."""
    listen_url: str = ""
    """Our own database without the pooler that `database_url` leads through; empty where there is none."""
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""
    """The address people type; default `http://host:port`. https makes cookies Secure."""
    spa_dir: Path | None = None
    """The built SPA (`frontend/dist`); None serves the API alone."""
    catcher_dir: Path | None = None
    """Where `up`'s local mail catcher keeps what it caught; None = no demo inbox."""
    demo_url: str = ""
    """The demo's own database as its company's program; empty where there is no demo data to play with."""
    outbound_allow: tuple[str, ...] = ()
    """`host:port` pairs that webhooks may reach although they are private addresses."""
    log_level: str = "info"
    worker_concurrency: int = 8
    """Runs performed at the same time by one `work` process and slot."""
    keep_runs_days: int = 30
    """Runs that succeeded, were skipped or cancelled are kept so long."""
    keep_failed_days: int = 90
    """Failed runs are kept so long."""
    keep_reports_days: int = 30
    """The files of reports are kept so long after they were made."""
    cascade_runs: int = 1000
    """At most so many runs come of one run, directly or not."""
    fuse_runs: int = 1000
    """So many runs an hour every rule may make, whatever is usual of it; 0 = rules without a limit hold nothing."""
    tables_every_s: int = 30
    """Between two looks of `listen` at whether a table that a rule names has another shape."""
    log_max_gb: int = 20
    """An event log that is larger gives up its oldest days; 0 = no bound."""

    @property
    def direct_url(self) -> str:
        """For what needs a session of its own: LISTEN, the leader's locks, migrations."""
        return self.listen_url or self.database_url

    @property
    def base_url(self) -> str:
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def catcher_url(self) -> str:
        """Where `up`'s local catcher takes calls, the last address that it lets us reach; "" without one."""
        known = self.catcher_dir is not None and self.outbound_allow
        return f"http://{self.outbound_allow[-1]}" if known else ""


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from RULEYARD_* variables. Raises Invalid with a sentence that names the variable."""
    env = os.environ if environ is None else environ

    def need(name: str) -> str:
        value = env.get(name, "")
        if not value:
            raise Invalid(
                f"{name} is not set. Use `ruleyard up` for everything in one, or set it (docs/settings.md)."
            )
        return value

    def number(name: str, default: int, low: int, high: int) -> int:
        text = env.get(name, "")
        if not text:
            return default
        if not text.isdigit() or not low <= int(text) <= high:
            raise Invalid(f"{name} must be a whole number from {low} to {high}, not {text!r}.")
        return int(text)

    def folder(name: str) -> Path | None:
        return Path(env[name]) if env.get(name) else None

    database_url = need("RULEYARD_DATABASE_URL")
    if not database_url.startswith(("postgresql://", "postgres://")):
        raise Invalid("RULEYARD_DATABASE_URL must start with postgresql://")
    listen_url = env.get("RULEYARD_LISTEN_URL", "")
    if listen_url and not listen_url.startswith(("postgresql://", "postgres://")):
        raise Invalid("RULEYARD_LISTEN_URL must start with postgresql://")
    redis_url = need("RULEYARD_REDIS_URL")
    if not redis_url.startswith(("redis://", "rediss://", "unix://")):
        raise Invalid("RULEYARD_REDIS_URL must start with redis://, rediss:// or unix://")
    secret_key = _key("RULEYARD_SECRET_KEY", need("RULEYARD_SECRET_KEY"))
    old_secret_key = _key("RULEYARD_OLD_SECRET_KEY", env.get("RULEYARD_OLD_SECRET_KEY") or secret_key)
    log_level = env.get("RULEYARD_LOG_LEVEL", "info")
    if log_level not in ("debug", "info", "warning", "error"):
        raise Invalid(f"RULEYARD_LOG_LEVEL must be debug, info, warning or error, not {log_level!r}.")
    keep_runs_days = number("RULEYARD_KEEP_RUNS_DAYS", 30, 1, 3650)
    keep_failed_days = number("RULEYARD_KEEP_FAILED_DAYS", max(90, keep_runs_days), 1, 3650)
    if keep_failed_days < keep_runs_days:
        raise Invalid("RULEYARD_KEEP_FAILED_DAYS must not be less than RULEYARD_KEEP_RUNS_DAYS.")
    return Settings(
        database_url=database_url,
        redis_url=redis_url,
        secret_key=secret_key,
        old_secret_key="" if old_secret_key == secret_key else old_secret_key,
        listen_url=listen_url,
        host=env.get("RULEYARD_HOST", "127.0.0.1"),
        port=number("RULEYARD_PORT", 8000, 1, 65535),
        public_url=env.get("RULEYARD_PUBLIC_URL", "").rstrip("/"),
        spa_dir=folder("RULEYARD_SPA_DIR"),
        catcher_dir=folder("RULEYARD_CATCHER_DIR"),
        demo_url=env.get("RULEYARD_DEMO_URL", ""),
        outbound_allow=tuple(p for p in env.get("RULEYARD_OUTBOUND_ALLOW", "").split(",") if p),
        log_level=log_level,
        worker_concurrency=number("RULEYARD_WORKER_CONCURRENCY", 8, 1, 256),
        keep_runs_days=keep_runs_days,
        keep_failed_days=keep_failed_days,
        keep_reports_days=number("RULEYARD_KEEP_REPORTS_DAYS", 30, 1, 3650),
        cascade_runs=number("RULEYARD_CASCADE_RUNS", 1000, 1, 100_000),
        fuse_runs=number("RULEYARD_FUSE_RUNS", 1000, 0, 1_000_000),
        tables_every_s=number("RULEYARD_TABLES_EVERY_S", 30, 1, 3600),
        log_max_gb=number("RULEYARD_LOG_MAX_GB", 20, 0, 100_000),
    )


def _key(name: str, text: str) -> str:
    try:
        if len(bytes.fromhex(text)) != 32:
            raise ValueError
    except ValueError:
        raise Invalid(f"{name} must be 64 hex digits (make one: `openssl rand -hex 32`).") from None
    return text
