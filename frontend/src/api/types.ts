/** Shapes of the API under the names that the rooms use. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export interface Page<T> {
  items: T[];
  next: string | null;
}

export type Role = 'viewer' | 'editor' | 'publisher' | 'admin';
export const ROLES: readonly Role[] = ['viewer', 'editor', 'publisher', 'admin'];

export interface Account {
  id: number;
  email: string;
  name: string;
  role: Role;
  language: string;
  disabled?: boolean;
  last_seen_at?: string | null;
}

export interface Session {
  account: Account | null;
  csrf: string;
  setup_needed: boolean;
  demo: boolean;
}

export type RunState = 'queued' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled' | 'skipped';
export const RUN_STATES: readonly RunState[] = [
  'queued',
  'running',
  'waiting',
  'succeeded',
  'failed',
  'cancelled',
  'skipped',
];

export type RuleFilter = 'all' | 'on' | 'off' | 'draft' | 'attention';
export type RuleSort = 'name' | '-last_run' | '-runs' | '-failures';

export interface RuleSummary {
  id: number;
  name: string;
  sentence: string;
  enabled: boolean;
  live_version: number | null;
  has_draft: boolean;
  problems_count: number;
  runs_7d: number;
  failed_7d: number;
  last_run_at: string | null;
  last_run_state: RunState | null;
  updated_at: string;
  archived?: boolean;
  trigger: { on: string; table?: string | null } | null;
}

export interface RuleAttention {
  rule_id: number;
  name: string;
  failed_24h: number;
  reason: string;
  run_id: number;
}

export interface RuleList extends Page<RuleSummary> {
  counts: { all: number; on: number; draft: number; attention: number; runs_7d: number };
  attention: RuleAttention[];
}

export interface Problem {
  path: string;
  code: string;
  message: string;
  severity?: string;
}

export interface Rule extends RuleSummary {
  draft: {
    document: JsonObject;
    layout: JsonObject | null;
    etag: string;
    saved_at: string;
    saved_by: { id: number; name: string } | null;
  };
  live: { version: number; document: JsonObject; layout: JsonObject | null; published_at: string } | null;
  problems: Problem[];
  versions_count: number;
}

export interface RunSummary {
  id: number;
  rule_id: number;
  rule_name: string;
  version: number;
  state: RunState;
  record_table: string | null;
  record_key: JsonObject | null;
  record_label: string | null;
  path: string | null;
  error: string | null;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  duration_ms: number | null;
  wake_at: string | null;
}

export interface RunFilter {
  rule_id?: number;
  state?: string;
  table?: string;
  key?: string;
  from?: string;
  to?: string;
}

export interface ImportItem {
  name: string;
  rule_id: number | null;
  action: 'create' | 'update' | 'same';
  problems: Problem[];
  document: JsonObject;
}

export type Period = '24h' | '7d' | '14d' | '30d';
export const PERIODS: readonly Period[] = ['24h', '7d', '14d', '30d'];

export interface Stats {
  runs: number;
  runs_before: number;
  succeeded: number;
  failed: number;
  success_rate: number | null;
  median_ms: number | null;
  p95_ms: number | null;
  waiting: number;
  oldest_wait_at: string | null;
  judged: number;
  series: { at: string; succeeded: number; failed: number; other: number }[];
  active: { rule_id: number; name: string; runs: number; failed: number }[];
  attention: { rule_id: number; name: string; reason: string; failed: number; run_id: number | null }[];
}

export type ConnectionKind = 'postgres' | 'smtp';

export interface Connection {
  id: number;
  name: string;
  label: string;
  kind: ConnectionKind;
  settings: JsonObject;
  state: string;
  state_reason: string | null;
  checked_at: string | null;
  used_by: number;
}

export interface ConnectionInput {
  name: string;
  label?: string;
  kind: ConnectionKind;
  settings: JsonObject;
  secret: { password?: string };
}

export interface CheckAnswer {
  works: boolean;
  reason: string | null;
  took_ms: number;
}

export interface TableSummary {
  name: string;
  label: string;
  rows_estimate: number | null;
  key: string[];
  watched: boolean;
  watch_id?: number | null;
  watchable: boolean;
  why_not: string | null;
  last_change_at: string | null;
  events_24h: number;
  columns_count: number;
}

export interface TableColumn {
  name: string;
  label: string;
  type: string;
  nullable: boolean;
  choices: string[];
  primary_key: boolean;
  references: string | null;
  db_type: string;
  generated: boolean;
  has_default: boolean;
}

export interface TableDetail extends TableSummary {
  columns: TableColumn[];
}

export interface SampleRecord {
  key: JsonObject;
  record_key: string;
  record: JsonObject;
  label: string;
}

export interface Watch {
  id: number;
  connection_id: number;
  table: string;
  excluded: string[];
}

export interface ChangeEvent {
  id: number;
  log: number;
  table: string;
  op: string;
  key: JsonObject;
  before: JsonObject | null;
  after: JsonObject | null;
  changed: string[] | null;
  cause: string | null;
  actor: string | null;
  at: string;
  runs: { run_id: number; rule_id: number; rule_name: string; state: RunState }[];
}

export interface Explanation {
  fired: boolean;
  reason_code: string;
  reason: string;
  run_id: number | null;
  version: number | null;
}

export interface Notification {
  id: number;
  title: string;
  body: string | null;
  rule_id: number | null;
  run_id: number | null;
  created_at: string;
  read: boolean;
}

export interface NotificationList extends Page<Notification> {
  unread: number;
}

export interface ApiKey {
  id: number;
  name: string;
  prefix: string;
  role: Role;
  created_at: string;
  last_used_at: string | null;
}

export interface AuditEntry {
  id: number;
  at: string;
  actor: string | null;
  action: string;
  subject: string | null;
  detail: JsonObject | null;
}

export interface DemoMessage {
  id: string;
  kind: 'mail' | 'hook';
  at: string;
  from: string | null;
  to: string[];
  subject: string | null;
  text: string | null;
  json: Json;
  headers: JsonObject | null;
}

/** What the live stream says: which things changed, never their data. */
export const LIVE_KINDS = ['run', 'rule', 'notification', 'watch', 'draft'] as const;
export type LiveKind = (typeof LIVE_KINDS)[number];
export interface LiveNews {
  kind: LiveKind;
  data: Record<string, unknown>;
}
