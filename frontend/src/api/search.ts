/** What the global search asks of the server: runs by their number, records of every watched table. */
import { keepPreviousData, type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import { connectionKeys } from './connections';
import { everyPage } from './pages';
import { runKeys } from './runs';
import type { RunSummary, SampleRecord } from './types';

/** Tables that one search looks in, and records shown of each. */
const MOST_TABLES = 8;
const MOST_RECORDS = 3;
const FRESH_MS = 30_000;

export interface FoundRecord {
  connectionId: number;
  table: string;
  tableLabel: string;
  record: SampleRecord;
}

export interface FoundRecords {
  items: FoundRecord[];
  /** Labels of tables that did not answer. */
  silent: string[];
}

/** The number that somebody typed, as `12` or `#12`; null for anything else. */
export function numberIn(search: string): number | null {
  const digits = /^#?(\d{1,15})$/.exec(search.trim())?.[1];
  return digits === undefined ? null : Number(digits);
}

export function useRunNumbered(number: number | null) {
  return useQuery({
    queryKey: [...runKeys.all, 'numbered', number],
    queryFn: async (): Promise<RunSummary[]> => {
      const page = await unwrap(
        client.GET('/api/v1/runs', { params: { query: { number: number ?? 0, limit: 1 } } }),
      );
      return page.items;
    },
    enabled: number !== null,
  });
}

async function watchedTables(queries: QueryClient) {
  const connections = await queries.fetchQuery({
    queryKey: connectionKeys.all,
    queryFn: () =>
      everyPage((from) => unwrap(client.GET('/api/v1/connections', { params: { query: from } }))),
    staleTime: FRESH_MS,
  });
  const databases = connections.items.filter((one) => one.kind === 'postgres');
  const lists = await Promise.allSettled(
    databases.map(async ({ id }) => {
      const tables = await queries.fetchQuery({
        queryKey: connectionKeys.tables(id),
        queryFn: () =>
          unwrap(
            client.GET('/api/v1/connections/{connection_id}/tables', {
              params: { path: { connection_id: id } },
            }),
          ),
        staleTime: FRESH_MS,
      });
      return tables.items.filter((one) => one.watch_id !== null).map((one) => ({ id, ...one }));
    }),
  );
  return lists.flatMap((list) => (list.status === 'fulfilled' ? list.value : [])).slice(0, MOST_TABLES);
}

async function findRecords(queries: QueryClient, search: string, signal: AbortSignal): Promise<FoundRecords> {
  const tables = await watchedTables(queries);
  const answers = await Promise.allSettled(
    tables.map((table) =>
      unwrap(
        client.GET('/api/v1/connections/{connection_id}/tables/{table}/records', {
          params: {
            path: { connection_id: table.id, table: table.name },
            query: { search, limit: MOST_RECORDS },
          },
          signal,
        }),
      ),
    ),
  );
  // A search that was given up must not be kept as one that found little.
  signal.throwIfAborted();
  const items: FoundRecord[] = [];
  const silent: string[] = [];
  answers.forEach((answer, place) => {
    const table = tables[place];
    if (table === undefined) return;
    if (answer.status === 'rejected') silent.push(table.label);
    else {
      const at = { connectionId: table.id, table: table.name, tableLabel: table.label };
      items.push(...answer.value.items.map((record) => ({ ...at, record })));
    }
  });
  return { items, silent };
}

/** Records of the watched tables that have `search` in their words; asks nothing while it is empty. */
export function useFoundRecords(search: string, enabled: boolean) {
  const queries = useQueryClient();
  return useQuery({
    queryKey: ['search', 'records', search],
    queryFn: ({ signal }) => findRecords(queries, search, signal),
    enabled: enabled && search !== '',
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
}
