"""What the company's own program does for each template, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from ruleyard.core.types import JSON

LEAD = """
    insert into public.leads (first_name, last_name, email, phone, source, status, attempts, queue, owner_id)
    values ('{0}', 'Petrova', '{0}@example.com', {1}, 'web', 'contacted', 4, 'inbound', 1) returning id
"""
DEAL = """
    insert into public.deals (title, customer_id, owner_id, stage, amount)
    values ('{0}', (select min(id) from public.customers where email is not null), 1, 'negotiation', 900) returning id
"""
CUSTOMER = """
    insert into public.customers (name, email, language, segment, customer_since, last_order_on)
    values ('{0}', '{0}@example.com', 'en', 'small', current_date, current_date) returning id
"""
CALL = """
    insert into public.calls (lead_id, agent_id, outcome, note)
    values ((select min(id) from public.leads), 1, {0}, {1}) returning id
"""


@dataclass(frozen=True)
class Case:
    """A template at work: what the company's own program does, and what comes of it."""

    template: str
    first: str
    """A record; its id is `$1` of what follows."""
    then: str = ""
    mail: str = ""
    """The subject of the mail that goes out."""
    told: str = ""
    """The title of what people are told."""
    check: str = ""
    """A query that is true of the record afterwards."""
    answers: dict[str, JSON] = field(default_factory=dict)
    alone: str = ""
    """For a rule that goes by dates: makes that nothing else is due. Its moment then comes, a week after the last."""


CASES = (
    Case("new-lead-greeting", LEAD.format("Ada", "'1'"), mail="Welcome, Ada!"),
    Case(
        "lead-without-phone",
        LEAD.format("Bo", "null"),
        told="Find a phone number for Bo",
        check="select agent_id = 1 and priority = 'high' from public.tasks where lead_id = $1",
    ),
    Case(
        "status-to-owner",
        LEAD.format("Cy", "'1'"),
        "update public.leads set status = 'won' where id = $1",
        mail="Cy is now won",
    ),
    Case(
        "do-not-call",
        LEAD.format("Di", "'1'"),
        "update public.leads set consent = false, next_call_at = now() where id = $1",
        told="Do not call Di any more",
        check="select status = 'lost' and next_call_at is null from public.leads where id = $1",
    ),
    Case(
        "missed-callbacks",
        LEAD.format("Ed", "'1'"),
        "update public.leads set status = 'callback' where id = $1",
        told="Ed has a new team: senior",
        check="select queue = 'senior' from public.leads where id = $1",
    ),
    Case(
        "call-again",
        CALL.format("null", "null"),
        "update public.calls set outcome = 'no_answer' where id = $1",
        check="""select t.priority = 'high' from public.tasks t join public.calls c on c.lead_id = t.lead_id
            where c.id = $1 and t.title = 'Call again: nobody answered'""",
    ),
    Case(
        "deal-won",
        DEAL.format("Ten desks"),
        "update public.deals set stage = 'won' where id = $1",
        told="Won: Ten desks",
        check="""select t.agent_id = 1 from public.tasks t, public.deals d
            where d.id = $1 and t.title = 'Thank the customer: ' || d.title""",
    ),
    Case(
        "deal-lost-feedback",
        DEAL.format("Six lamps"),
        "update public.deals set stage = 'lost' where id = $1",
        mail="May we ask you one question?",
    ),
    Case(
        "large-deal",
        DEAL.format("A tower"),
        "update public.deals set amount = 100001 where id = $1",
        told="Large deal: A tower, 100001",
    ),
    Case(
        "complaint",
        CALL.format("'reached'", "null"),
        "update public.calls set note = 'This is a complaint about the price' where id = $1",
        mail="A complaint came in",
        check="""select t.priority = 'high' from public.tasks t join public.calls c on c.lead_id = t.lead_id
            where c.id = $1 and t.title = 'Complaint: call back today'""",
    ),
    Case(
        "urgent-task",
        "insert into public.tasks (title, agent_id, priority) values ('Roof', 1, 'high') returning id",
        mail="Urgent: Roof",
    ),
    Case("quiet-customers", CUSTOMER.format("Flo"), mail="We miss you, Flo", answers={"days": 30}),
    Case(
        "quote-follow-up",
        DEAL.format("Eight doors"),
        "update public.deals set stage = 'proposal' where id = $1",
        mail="No answer yet: Eight doors",
    ),
    Case(
        "visit-reminder",
        """insert into public.tasks (title, agent_id, due_on) values ('Show the roof', 1, current_date) returning id""",
        mail="Your visit: Show the roof",
        alone="update public.tasks set due_on = null",
    ),
    Case(
        "after-sales-check",
        CUSTOMER.replace("current_date)", "current_date - 16)").format("Gus"),
        mail="Is everything as it should be, Gus?",
        alone="update public.customers set last_order_on = null",
    ),
)
