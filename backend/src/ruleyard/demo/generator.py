"""The rows of the demo CRM, the same for the same seed and anchor.

Pure: told `anchor` (the moment that counts as now), reads no clock and no database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Final, TypeAlias

from ruleyard.demo.words import LANGUAGES, Person, person, phone, words

Row: TypeAlias = tuple[object, ...]

LEADS: Final = 1200
CUSTOMERS: Final = 600
DEALS: Final = 400
CALLS: Final = 2500
TASKS: Final = 500

_LANGUAGE_WEIGHTS: Final = (46, 22, 18, 14)
_TEAMS: Final = (("inbound", 4), ("outbound", 6), ("senior", 2))


@dataclass(frozen=True)
class Table:
    """Rows of one table in the order of `columns`; the first column is `id`, counted from 1."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Row]


def generate(seed: int, anchor: datetime) -> tuple[Table, ...]:
    """All tables, in an order that foreign keys accept. Dates: the 18 months before `anchor` (aware)."""
    random = Random(seed)  # noqa: S311 - invented rows, not secrets
    agents = _agents(random, anchor)
    leads = _leads(random, anchor, agents)
    customers = _customers(random, anchor, leads)
    return (
        agents,
        leads,
        customers,
        _deals(random, anchor, customers),
        _calls(random, leads),
        _tasks(random, anchor, leads),
    )


def _language(random: Random) -> str:
    return random.choices(LANGUAGES, _LANGUAGE_WEIGHTS)[0]


def _ago(random: Random, anchor: datetime, days: float) -> datetime:
    """A moment in the last `days` days, more often lately, in working hours."""
    at = anchor - timedelta(days=days * random.random() ** 1.6)
    moved = at.replace(hour=random.randint(8, 18), minute=random.randrange(60), second=random.randrange(60))
    return min(moved, anchor - timedelta(minutes=random.randint(1, 50)))


def _money(random: Random, middle: float, spread: float) -> Decimal:
    return Decimal(round(random.lognormvariate(0, spread) * middle / 10) * 10)


def _agents(random: Random, anchor: datetime) -> Table:
    rows: list[Row] = []
    teams = [team for team, count in _TEAMS for _ in range(count)]
    for number, team in enumerate(teams, start=1):
        language = LANGUAGES[(number - 1) % len(LANGUAGES)]
        who = person(random, language)
        hired_on = (anchor - timedelta(days=random.randint(90, 2500))).date()
        mail = f"{who.mail_name}.{number}@example.com"
        rows.append((number, who.full_name, mail, phone(random), team, language, number != 10, hired_on))
    return Table("agents", ("id", "name", "email", "phone", "team", "language", "active", "hired_on"), rows)


def lead_fields(random: Random, language: str, who: Person, number: int) -> dict[str, object]:
    """What is known about a lead when it arrives; shared with the simulator."""
    w = words(language)
    return {
        "first_name": who.first_name,
        "last_name": who.last_name,
        "company": random.choice(w.companies) if random.random() < 0.55 else None,
        "email": f"{who.mail_name}.{number}@{w.mail}" if random.random() < 0.88 else None,
        "phone": phone(random) if random.random() < 0.95 else None,
        "city": random.choice(w.cities) if random.random() < 0.9 else None,
        "language": language,
        "budget": _money(random, 4000, 0.8) if random.random() < 0.6 else None,
        "notes": random.choice(w.lead_notes) if random.random() < 0.4 else None,
    }


_LEAD_COLUMNS: Final = (
    "id", "first_name", "last_name", "company", "email", "phone", "city", "language", "budget", "notes",
    "source", "status", "attempts", "queue", "owner_id", "consent",
    "next_call_at", "last_call_at", "created_at",
)  # fmt: skip


def _leads(random: Random, anchor: datetime, agents: Table) -> Table:
    rows: list[Row] = []
    moments = sorted(_ago(random, anchor, 540) for _ in range(LEADS))
    for number, created_at in enumerate(moments, start=1):
        language = _language(random)
        known = lead_fields(random, language, person(random, language), number)
        source = random.choices(("web", "referral", "event", "partner", "cold_list"), (45, 15, 12, 8, 20))[0]
        # The first CUSTOMERS leads were won: they are the customers.
        if number <= CUSTOMERS:
            status = "won"
        else:
            status = random.choices(("new", "contacted", "callback", "lost"), (25, 33, 17, 25))[0]
        attempts = 0 if status == "new" else random.choices((1, 2, 3, 4, 5, 6), (30, 26, 18, 13, 8, 5))[0]
        last_call_at = None
        if attempts:
            last_call_at = created_at + (anchor - created_at) * random.uniform(0.05, 0.95)
        next_call_at = anchor + timedelta(hours=random.randint(1, 96)) if status == "callback" else None
        queue = "senior" if attempts > 4 else ("outbound" if source == "cold_list" else "inbound")
        owner = random.choice(agents.rows)[0] if attempts else None
        consent = status != "lost" or random.random() < 0.7
        rows.append(
            (
                number,
                *known.values(),
                source,
                status,
                attempts,
                queue,
                owner,
                consent,
                next_call_at,
                last_call_at,
                created_at,
            )
        )
    return Table("leads", _LEAD_COLUMNS, rows)


def _customers(random: Random, anchor: datetime, leads: Table) -> Table:
    rows: list[Row] = []
    for number in range(1, CUSTOMERS + 1):
        lead = dict(zip(leads.columns, leads.rows[number - 1], strict=True))
        created_at = lead["created_at"]
        assert isinstance(created_at, datetime)  # noqa: S101 - narrows the type
        since = (created_at + (anchor - created_at) * random.uniform(0.02, 0.4)).date()
        days = max((anchor.date() - since).days, 0)
        last_order_on = since + timedelta(days=random.randint(0, days)) if random.random() < 0.85 else None
        segment = random.choices(("small", "medium", "large"), (60, 30, 10))[0]
        value = _money(random, {"small": 1500, "medium": 9000, "large": 60000}[segment], 0.6)
        first, last = str(lead["first_name"]), str(lead["last_name"])
        family_first = words(str(lead["language"])).family_first
        name = lead["company"] or (f"{last}{first}" if family_first else f"{first} {last}")
        rows.append(
            (
                number,
                number,
                name,
                lead["email"],
                lead["phone"],
                lead["city"],
                lead["language"],
                segment,
                since,
                last_order_on,
                value,
            )
        )
    columns = (
        "id", "lead_id", "name", "email", "phone", "city", "language",
        "segment", "customer_since", "last_order_on", "lifetime_value",
    )  # fmt: skip
    return Table("customers", columns, rows)


def _deals(random: Random, anchor: datetime, customers: Table) -> Table:
    rows: list[Row] = []
    moments = sorted(_ago(random, anchor, 400) for _ in range(DEALS))
    for number, created_at in enumerate(moments, start=1):
        customer = random.choice(customers.rows)
        old = created_at < anchor - timedelta(days=60)
        weights = (5, 5, 10, 50, 30) if old else (35, 30, 20, 10, 5)
        stage = random.choices(("open", "proposal", "negotiation", "won", "lost"), weights)[0]
        closed = stage in ("won", "lost")
        closed_at = created_at + (anchor - created_at) * random.uniform(0.2, 0.9) if closed else None
        expected_on = None if closed else (anchor + timedelta(days=random.randint(-10, 60))).date()
        amount = min(_money(random, 12000, 1.1), Decimal(480_000))
        title = f"{random.choice(words(str(customer[6])).deal_titles)}: {customer[2]}"
        owner = random.randint(1, 12)
        rows.append(
            (
                number,
                title,
                customer[0],
                customer[1],
                owner,
                stage,
                amount,
                expected_on,
                closed_at,
                created_at,
            )
        )
    columns = (
        "id", "title", "customer_id", "lead_id", "owner_id",
        "stage", "amount", "expected_on", "closed_at", "created_at",
    )  # fmt: skip
    return Table("deals", columns, rows)


def _calls(random: Random, leads: Table) -> Table:
    drawn: list[Row] = []
    created, last_call, owner, language = (
        leads.columns.index(c) for c in ("created_at", "last_call_at", "owner_id", "language")
    )
    called = [lead for lead in leads.rows if lead[last_call] is not None]
    for _ in range(CALLS):
        lead = random.choice(called)
        first, last = lead[created], lead[last_call]
        assert isinstance(first, datetime)  # noqa: S101 - narrows the type
        assert isinstance(last, datetime)  # noqa: S101 - narrows the type
        outcome = random.choices(
            ("reached", "no_answer", "voicemail", "callback", "wrong_number"), (40, 30, 14, 13, 3)
        )[0]
        talked = outcome in ("reached", "callback")
        duration_s = round(random.lognormvariate(5.2, 0.8)) if talked else random.randint(5, 40)
        note = (
            random.choice(words(str(lead[language])).call_notes) if talked and random.random() < 0.6 else None
        )
        direction = "in" if random.random() < 0.15 else "out"
        agent = lead[owner] if random.random() < 0.8 else random.randint(1, 12)
        started_at = first + (last - first) * random.random()
        drawn.append((lead[0], agent, direction, outcome, started_at, duration_s, note))
    drawn.sort(key=lambda row: str(row[4]))
    rows = [(number, *row) for number, row in enumerate(drawn, start=1)]
    return Table(
        "calls",
        ("id", "lead_id", "agent_id", "direction", "outcome", "started_at", "duration_s", "note"),
        rows,
    )


def _tasks(random: Random, anchor: datetime, leads: Table) -> Table:
    rows: list[Row] = []
    moments = sorted(_ago(random, anchor, 90) for _ in range(TASKS))
    for number, created_at in enumerate(moments, start=1):
        lead = random.choice(leads.rows)
        language = str(lead[leads.columns.index("language")])
        due_on = (
            (created_at + timedelta(days=random.randint(0, 14))).date() if random.random() < 0.9 else None
        )
        done = created_at < anchor - timedelta(days=7) and random.random() < 0.85
        done_at = created_at + (anchor - created_at) * random.uniform(0.1, 0.9) if done else None
        priority = random.choices(("low", "normal", "high"), (20, 60, 20))[0]
        title = random.choice(words(language).task_titles)
        rows.append(
            (number, title, lead[0], random.randint(1, 12), priority, due_on, done, done_at, created_at)
        )
    columns = ("id", "title", "lead_id", "agent_id", "priority", "due_on", "done", "done_at", "created_at")
    return Table("tasks", columns, rows)
