/** What the builder and a run's page ask of the server beside the shared hooks: drafts, tests, versions, one run. */
import {
  keepPreviousData,
  queryOptions,
  type UseQueryResult,
  useMutation,
  useQueries,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import type { Opened } from '../model/graph';
import { client, settled, unwrap } from './client';
import { usePages } from './pages';
import { ruleKeys } from './rules';
import { GOING, runKeys } from './runs';
import type { TableDetail, TestAnswer, TestRecord } from './types';

type Document = Readonly<Record<string, unknown>>;

/** Saves the draft if nobody else did since `etag`. Throws `ApiProblem` 412 `draft-changed` otherwise. */
export function saveDraft(id: number, document: Document, etag: string) {
  return unwrap(
    client.PUT('/api/v1/rules/{rule_id}/draft', {
      params: { path: { rule_id: id }, header: { 'If-Match': etag } },
      body: { document: { ...document } },
    }),
  );
}

/** What is wrong with a document; nothing is saved. The rule keeps it from being compared with its own version. */
export function checkDraft(ruleId: number, document: Document, signal: AbortSignal) {
  return unwrap(
    client.POST('/api/v1/rules/check', {
      body: { document: { ...document }, rule_id: ruleId },
      signal,
    }),
  );
}

/** What is wrong with a document that is being written by hand; nothing is asked where there is none. */
export function useCheckOf(ruleId: number, document: Document | null) {
  return useQuery({
    queryKey: ['checked', ruleId, document],
    queryFn: ({ signal }) => checkDraft(ruleId, document ?? {}, signal),
    enabled: document !== null,
    gcTime: 0,
    retry: false,
  });
}

/** A fresh read of the rule, past every cache. */
export function readRule(id: number) {
  return unwrap(client.GET('/api/v1/rules/{rule_id}', { params: { path: { rule_id: id } } }));
}

export function useTestDraft() {
  return useMutation({
    mutationFn: (input: {
      document: Document;
      record: TestRecord | null;
      /** Steps that are taken for failed. */
      failing: readonly string[];
      answers: Readonly<Record<string, TestAnswer>>;
    }) =>
      unwrap(
        client.POST('/api/v1/rules/test', {
          body: {
            document: { ...input.document },
            record: input.record,
            failing: [...input.failing],
            answers: input.answers,
          },
        }),
      ),
  });
}

/** A draft tried once for everything that `about` names. */
export function useTriedOnce(
  about: readonly string[],
  enabled: boolean,
  input: () => { document: Document; record: TestRecord },
) {
  return useQuery({
    queryKey: ['tried', ...about],
    queryFn: () => {
      const { document, record } = input();
      return unwrap(
        client.POST('/api/v1/rules/test', {
          body: { document: { ...document }, record, failing: [], answers: {} },
        }),
      );
    },
    enabled,
    staleTime: 60_000,
    retry: false,
  });
}

/** Sends one mail of the draft to oneself. */
export function useSendTest() {
  return useMutation({
    mutationFn: (input: { document: Document; node: string; record: TestRecord | null; rule_id: number }) =>
      unwrap(client.POST('/api/v1/rules/test/send', { body: { ...input, document: { ...input.document } } })),
  });
}

export function useVersions(id: number, enabled: boolean) {
  return usePages(
    ruleKeys.versions(id),
    (from) =>
      unwrap(
        client.GET('/api/v1/rules/{rule_id}/versions', {
          params: { path: { rule_id: id }, query: from },
        }),
      ),
    { enabled },
  );
}

export function useRestoreVersion(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (number: number) =>
      unwrap(
        client.POST('/api/v1/rules/{rule_id}/versions/{number}/restore', {
          params: { path: { rule_id: id, number } },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: ruleKeys.all }),
  });
}

/** `hours`: those that the rule keeps, whose working days count. */
export function useSchedulePreview(schedule: Document, hours: Document | undefined, enabled: boolean) {
  return useQuery({
    queryKey: ['schedule-preview', JSON.stringify([schedule, hours])],
    queryFn: () =>
      unwrap(
        client.POST('/api/v1/schedules/preview', {
          body: { schedule: { ...schedule }, ...(hours === undefined ? {} : { hours: { ...hours } }) },
        }),
      ),
    enabled,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

function tableFacts(connectionId: number | null, table: string) {
  return queryOptions({
    queryKey: ['tables', connectionId ?? 0, table],
    queryFn: () =>
      unwrap(
        client.GET('/api/v1/connections/{connection_id}/tables/{table}', {
          params: { path: { connection_id: connectionId ?? 0, table } },
        }),
      ),
    enabled: connectionId !== null && table !== '',
    staleTime: 30_000,
  });
}

/** A table's columns; nothing is asked while the connection or the table is not known. */
export function useTableFacts(connectionId: number | null, table: string) {
  return useQuery(tableFacts(connectionId, table));
}

function loaded(answers: UseQueryResult<TableDetail>[]): TableDetail[] {
  return answers.flatMap((answer) => (answer.data ? [answer.data] : []));
}

/** The columns of several tables, as far as they are known by now. */
export function useTablesFacts(places: readonly { connectionId: number | null; table: string }[]) {
  return useQueries({
    queries: places.map((place) => tableFacts(place.connectionId, place.table)),
    combine: loaded,
  });
}

export type TablePlace = { readonly connection: string; readonly table: string };

/** A place as one text, to look it up by. */
export function placeName({ connection, table }: TablePlace): string {
  return `${connection} ${table}`;
}

const NO_FACTS: Readonly<Record<string, TableDetail>> = {};

/** What is known by now of tables named by `connection schema.table`, one a line. Each is read once, whoever asks. */
export function useFactsByPlace(
  places: string,
  ids: ReadonlyMap<string, number>,
): Readonly<Record<string, TableDetail>> {
  const names = useMemo(() => (places === '' ? [] : places.split('\n')), [places]);
  const combine = useCallback(
    (answers: UseQueryResult<TableDetail>[]) =>
      Object.fromEntries(
        answers.flatMap(({ data }, index) => (data ? [[names[index] ?? '', data] as const] : [])),
      ),
    [names],
  );
  const found = useQueries({
    queries: names.map((name) => {
      const gap = name.indexOf(' ');
      return { ...tableFacts(ids.get(name.slice(0, gap)) ?? null, name.slice(gap + 1)), staleTime: 300_000 };
    }),
    combine,
  });
  return names.length === 0 ? NO_FACTS : found;
}

export function useRecords(connectionId: number | null, table: string, search: string) {
  return useQuery({
    queryKey: ['tables', connectionId ?? 0, table, 'records', search],
    queryFn: () =>
      unwrap(
        client.GET('/api/v1/connections/{connection_id}/tables/{table}/records', {
          params: { path: { connection_id: connectionId ?? 0, table }, query: { search, limit: 20 } },
        }),
      ),
    enabled: connectionId !== null && table !== '',
    placeholderData: keepPreviousData,
    staleTime: 15_000,
  });
}

export function useFireRule(id: number) {
  return useMutation({
    mutationFn: (key: Record<string, unknown> | null) =>
      unwrap(
        client.POST('/api/v1/rules/{rule_id}/fire', {
          params: { path: { rule_id: id } },
          body: { key, note: '' },
        }),
      ),
  });
}

/** One run; read again every second while it is on its way (the stream also says when it changes). */
export function useRun(id: number) {
  return useQuery({
    queryKey: runKeys.one(id),
    queryFn: () => unwrap(client.GET('/api/v1/runs/{run_id}', { params: { path: { run_id: id } } })),
    refetchInterval: (query) => (query.state.data && GOING.includes(query.state.data.state) ? 1_500 : false),
  });
}

function useRunChange<Given = number>(perform: (given: Given) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: perform,
    onSettled: () => queries.invalidateQueries({ queryKey: runKeys.all }),
  });
}

export function useRetryRun() {
  return useRunChange((id) =>
    settled(client.POST('/api/v1/runs/{run_id}/retry', { params: { path: { run_id: id } } })),
  );
}

export function useCancelRun() {
  return useRunChange((id) =>
    settled(client.POST('/api/v1/runs/{run_id}/cancel', { params: { path: { run_id: id } } })),
  );
}

export function useGoOnRun() {
  return useRunChange(({ id, way }: { id: number; way: 'now' | 'late' }) =>
    settled(client.POST('/api/v1/runs/{run_id}/go-on', { params: { path: { run_id: id } }, body: { way } })),
  );
}

/** The connection and table that a rule is about; empty where it is about none. */
export function subjectOf(opened: Opened): { connection: string; table: string } {
  const trigger =
    opened.kind === 'rule' ? opened.trigger : opened.nodes.find((node) => node.kind === 'trigger');
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return { connection: text(trigger?.['connection']), table: text(trigger?.['table']) };
}
