/** Shapes of the API under the names that the rooms use; all come from the generated schema. */
import type { components, paths } from './schema';

type Schemas = components['schemas'];

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: unknown };

export type Session = Schemas['SessionInfo'];
export type Storage = Schemas['Storage'];
export type StoredKind = Schemas['StoredKind'];
export type StoredLog = Schemas['StoredLog'];
export type RunsKept = Schemas['RunsKept'];
export type Me = Schemas['Me'];
export type Account = Schemas['AccountInfo'];
export type NewAccount = Schemas['NewAccount'];
export type Role = Me['role'];
export const ROLES: readonly Role[] = ['viewer', 'editor', 'publisher', 'admin'];

export type Problem = Schemas['Problem'];
export type Calendar = Schemas['CalendarSummary'];
export type CalendarDetail = Schemas['CalendarDetail'];
export type CalendarInput = Schemas['CalendarIn'];
export type Holiday = Schemas['Holiday'];
export type MakeUpDay = Schemas['MakeUpDay'];
export type HoursNow = Schemas['HoursNow'];
export type Opening = Schemas['Opening'];
export type RuleSummary = Schemas['RuleSummary'];
export type RuleList = Schemas['RulePage'];
export type RuleAttention = Schemas['RuleAttention'];
export type Rule = Schemas['Rule'];
export type Template = Schemas['TemplateInfo'];
export type TemplateQuestion = Schemas['TemplateQuestion'];
export type TemplateCategory = Template['category'];
export const TEMPLATE_CATEGORIES: readonly TemplateCategory[] = [
  'leads',
  'calls',
  'deals',
  'tasks',
  'marketing',
];
export type ImportItem = Schemas['ImportedRule'];
export type ImportProblem = Schemas['ImportProblem'];
export type ImportMatch = Schemas['Match'];
export type Unmatched = Schemas['Unmatched'];
export type ImportTwin = NonNullable<Schemas['ImportSource']['twins']>[string];
export type Version = Schemas['VersionInfo'];
export type VersionDetail = Schemas['VersionDetail'];
export type Diff = Schemas['Diff'];
export type Verdict = Schemas['Verdict'];
export type ConditionVerdict = Schemas['ConditionVerdict'];
export type DifferentEvent = Schemas['DifferentEvent'];
export type Decision = Schemas['Decision'];
export type TestResult = Schemas['TestResult'];
export type TestRecord = Schemas['TestRecord'];
/** What people can be taken to answer in a test. */
export const TEST_ANSWERS = ['approved', 'refused', 'late'] as const;
export type TestAnswer = (typeof TEST_ANSWERS)[number];

type RuleQuery = NonNullable<paths['/api/v1/rules']['get']['parameters']['query']>;
export type RuleFilter = NonNullable<RuleQuery['status']>;
export type RuleSort = NonNullable<RuleQuery['sort']>;

export type LogTrouble = Schemas['TroubleInfo'];

export type Run = Schemas['Run'];
export type RunSummary = Schemas['RunSummary'];
export type CascadeRun = Schemas['CascadeRun'];
export type RunPage = Schemas['RunPage'];
export type RunState = RunSummary['state'];
export type Trace = Schemas['Trace'];
export type Step = Schemas['Step'];
export const RUN_STATES: readonly RunState[] = [
  'succeeded',
  'failed',
  'waiting',
  'running',
  'queued',
  'cancelled',
  'skipped',
];

export interface RunFilter {
  fault?: string;
  rule_id?: number;
  version?: number;
  state?: string;
  table?: string;
  key?: string;
  from?: string;
  to?: string;
}

export type Backtest = Schemas['BacktestInfo'];
export type BacktestMatch = Schemas['BacktestMatch'];
type MatchQuery = NonNullable<paths['/api/v1/backtests/{backtest_id}/matches']['get']['parameters']['query']>;
export type MatchKind = NonNullable<MatchQuery['kind']>;

export type Stats = Schemas['Stats'];
export type Period = Stats['period'];
export const PERIODS: readonly Period[] = ['24h', '7d', '14d', '30d'];

export type Connection = Schemas['ConnectionInfo'];
export type CheckResult = Schemas['CheckResult'];
export type AwayTarget = Schemas['TargetInfo'];
export type ConnectionKind = Connection['kind'];
export type ConnectionInput = Schemas['NewConnection'];
export type TableSummary = Schemas['TableInfo'];
export type TableDetail = Schemas['TableDetail'];
export type TableColumn = Schemas['ColumnInfo'];
export type SampleRecord = Schemas['RecordInfo'];

export type ChangeEvent = Schemas['EventInfo'];
export type Explanation = Schemas['Explained'];
export type Approval = Schemas['ApprovalInfo'];
export type LinkedApproval = Schemas['LinkedApproval'];
export type Standing = Approval['standing'];
export type Notification = Schemas['NotificationInfo'];
export type ApiKey = Schemas['Key'];
export type AuditEntry = Schemas['AuditEntry'];
export type DemoMessage = Schemas['DemoMessage'];

/** What the live stream says: which things changed, never their data. */
export const LIVE_KINDS = [
  'run',
  'rule',
  'notification',
  'watch',
  'draft',
  'backtest',
  'catch_up',
  'approval',
  'call',
] as const;
export type LiveKind = (typeof LIVE_KINDS)[number];
export interface LiveNews {
  kind: LiveKind;
  data: Record<string, unknown>;
}
