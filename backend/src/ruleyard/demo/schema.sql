-- The telesales CRM that the demo watches. It is somebody else's database: Ruleyard adds only its triggers.
-- Running this twice changes nothing.
do $$ begin
  create type public.lead_source as enum ('web', 'referral', 'event', 'partner', 'cold_list');
exception when duplicate_object then null; end $$;

create table if not exists public.agents (
  id bigint generated always as identity primary key,
  name text not null,
  email text not null unique,
  phone text,
  team text not null check (team in ('inbound', 'outbound', 'senior')),
  language text not null check (language in ('en', 'ko', 'zh', 'ru')),
  active boolean not null default true,
  hired_on date not null
);
comment on table public.agents is 'People who make the calls';

create table if not exists public.leads (
  id bigint generated always as identity primary key,
  first_name text not null,
  last_name text not null,
  company text,
  email text,
  phone text,
  city text,
  language text not null default 'en' check (language in ('en', 'ko', 'zh', 'ru')),
  source public.lead_source not null,
  status text not null default 'new' check (status in ('new', 'contacted', 'callback', 'won', 'lost')),
  attempts integer not null default 0 check (attempts >= 0),
  budget numeric(12, 2),
  queue text not null default 'inbound' check (queue in ('inbound', 'outbound', 'senior')),
  owner_id bigint references public.agents,
  consent boolean not null default true,
  next_call_at timestamptz,
  last_call_at timestamptz,
  notes text,
  created_at timestamptz not null default now()
);
comment on table public.leads is 'People who may become customers';
comment on column public.leads.attempts is 'Calls made so far';
comment on column public.leads.budget is 'What they say they can spend, in dollars; empty when not asked yet';
comment on column public.leads.queue is 'Which team calls next';
comment on column public.leads.consent is 'May we call and write?';
create index if not exists leads_owner on public.leads (owner_id);
create index if not exists leads_status on public.leads (status);

create table if not exists public.customers (
  id bigint generated always as identity primary key,
  lead_id bigint unique references public.leads,
  name text not null,
  email text,
  phone text,
  city text,
  language text not null check (language in ('en', 'ko', 'zh', 'ru')),
  segment text not null check (segment in ('small', 'medium', 'large')),
  customer_since date not null,
  last_order_on date,
  lifetime_value numeric(14, 2) not null default 0
);
comment on table public.customers is 'People and companies that bought';

create table if not exists public.deals (
  id bigint generated always as identity primary key,
  title text not null,
  customer_id bigint references public.customers,
  lead_id bigint references public.leads,
  owner_id bigint references public.agents,
  stage text not null default 'open' check (stage in ('open', 'proposal', 'negotiation', 'won', 'lost')),
  amount numeric(14, 2) not null default 0 check (amount >= 0),
  expected_on date,
  closed_at timestamptz,
  bank_call_id bigint,
  created_at timestamptz not null default now()
);
comment on table public.deals is 'Sales in progress and done';
comment on column public.deals.amount is 'In dollars';
comment on column public.deals.bank_call_id is 'The bank call that it came from';
create index if not exists deals_customer on public.deals (customer_id);

create table if not exists public.calls (
  id bigint generated always as identity primary key,
  lead_id bigint not null references public.leads,
  agent_id bigint not null references public.agents,
  direction text not null default 'out' check (direction in ('in', 'out')),
  outcome text check (outcome in ('reached', 'no_answer', 'voicemail', 'callback', 'wrong_number')),
  started_at timestamptz not null default now(),
  duration_s integer check (duration_s >= 0),
  note text
);
comment on table public.calls is 'Telephone calls';
comment on column public.calls.duration_s is 'Seconds; empty while the call goes on';
create index if not exists calls_lead on public.calls (lead_id, started_at);

create table if not exists public.tasks (
  id bigint generated always as identity primary key,
  title text not null,
  lead_id bigint references public.leads,
  agent_id bigint references public.agents,
  priority text not null default 'normal' check (priority in ('low', 'normal', 'high')),
  due_on date,
  done boolean not null default false,
  done_at timestamptz,
  bank_call_id bigint,
  created_at timestamptz not null default now()
);
comment on table public.tasks is 'Things to do';
comment on column public.tasks.bank_call_id is 'The bank call that it came from';
create index if not exists tasks_lead on public.tasks (lead_id);

create table if not exists public.bank_calls (
  id bigint generated always as identity primary key,
  replay integer not null,
  line integer not null,
  age integer not null,
  job text not null,
  marital text not null,
  education text not null,
  in_default text not null check (in_default in ('yes', 'no')),
  balance integer not null,
  housing text not null check (housing in ('yes', 'no')),
  loan text not null check (loan in ('yes', 'no')),
  contact text not null check (contact in ('cellular', 'telephone', 'unknown')),
  day integer not null check (day between 1 and 31),
  month text not null check (month in
    ('jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec')),
  duration integer check (duration >= 0),
  campaign integer not null,
  pdays integer not null,
  previous integer not null,
  poutcome text not null check (poutcome in ('success', 'failure', 'other', 'unknown')),
  y text check (y in ('yes', 'no')),
  unique (replay, line)
);
create sequence if not exists public.bank_replay;
comment on table public.bank_calls is 'Replayed calls of a bank''s telephone campaign';
comment on column public.bank_calls.replay is 'Which `ruleyard demo calls` brought it';
comment on column public.bank_calls.line is 'Its line in the file';
comment on column public.bank_calls.in_default is 'The file''s column `default`: credit in default';
comment on column public.bank_calls.balance is 'Average yearly balance in euros';
comment on column public.bank_calls.duration is 'Seconds; empty until the call has ended';
comment on column public.bank_calls.pdays is 'Days since the last campaign''s contact, -1 = never';
comment on column public.bank_calls.y is 'Did they subscribe? Empty until the call has ended';
