"""Roles and databases in a cluster of our own: none that runs Ruleyard is a superuser.

ruleyard       owns our database, and nothing else
crm_owner      owns the watched database and its tables, as a company's migrations would
crm_app        the company's own program: reads and writes rows
ruleyard_crm   our connection to the watched database: rows, triggers, a schema of its own; drops no table
"""

from __future__ import annotations

from dataclasses import dataclass

import asyncpg

OWN = "ruleyard"
WATCHED = "crm"
WATCHED_OWNER = "crm_owner"
WATCHED_APP = "crm_app"
WATCHER = "ruleyard_crm"


@dataclass(frozen=True)
class Passwords:
    """One per role."""

    own: str
    owner: str
    app: str
    watcher: str


async def make_roles(superuser_url: str, passwords: Passwords) -> None:
    """Make the four roles, or set their passwords anew."""
    admin = await asyncpg.connect(superuser_url, timeout=20)
    try:
        pairs = (
            (OWN, passwords.own),
            (WATCHED_OWNER, passwords.owner),
            (WATCHED_APP, passwords.app),
            (WATCHER, passwords.watcher),
        )
        for role, password in pairs:
            if await admin.fetchval("select 1 from pg_roles where rolname = $1", role) is None:
                await admin.execute(f"create role {_name(role)}")
            await admin.execute(
                f"alter role {_name(role)} login nosuperuser nocreatedb nocreaterole "
                f"password {_text(password)}"
            )
    finally:
        await admin.close(timeout=5)


async def make_database(superuser_url: str, name: str, owner: str, *, template: str | None = None) -> bool:
    """Make the database unless it is there, and let in whom it is for (also when that was cut short). True when new."""
    admin = await asyncpg.connect(superuser_url, timeout=20)
    try:
        new = await admin.fetchval("select 1 from pg_database where datname = $1", name) is None
        if new:
            # Copied as files: a third of the time of writing every page to the journal.
            source = f" template {_name(template)} strategy file_copy" if template else ""
            await admin.execute(f"create database {_name(name)} owner {_name(owner)}{source}")
        await admin.execute(f"revoke all on database {_name(name)} from public")
        if owner == WATCHED_OWNER:
            await admin.execute(f"grant connect, temporary on database {_name(name)} to {WATCHED_APP}")
            await admin.execute(f"grant connect, temporary, create on database {_name(name)} to {WATCHER}")
        return new
    finally:
        await admin.close(timeout=5)


async def open_watched(superuser_url: str) -> None:
    """Let the application and our connection at the rows of the watched database, now and later.

    `superuser_url` must point at that database. Done again it changes nothing.
    """
    admin = await asyncpg.connect(superuser_url, timeout=20)
    both = f"{WATCHED_APP}, {WATCHER}"
    try:
        await admin.execute(
            f"""
            alter schema public owner to {WATCHED_OWNER};
            grant usage on schema public to {both};
            grant select, insert, update, delete on all tables in schema public to {both};
            grant trigger on all tables in schema public to {WATCHER};
            grant usage, select on all sequences in schema public to {both};
            alter default privileges for role {WATCHED_OWNER} in schema public
              grant select, insert, update, delete on tables to {both};
            alter default privileges for role {WATCHED_OWNER} in schema public
              grant trigger on tables to {WATCHER};
            alter default privileges for role {WATCHED_OWNER} in schema public
              grant usage, select on sequences to {both};
            """
        )
    finally:
        await admin.close(timeout=5)


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
