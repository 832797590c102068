/** Connections, their tables and records, and the watches on tables. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, settled, unwrap } from './client';
import type {
  CheckAnswer,
  Connection,
  ConnectionInput,
  Page,
  SampleRecord,
  TableDetail,
  TableSummary,
  Watch,
} from './types';

export const connectionKeys = {
  all: ['connections'] as const,
  tables: (id: number) => ['tables', id] as const,
  table: (id: number, table: string) => ['tables', id, table] as const,
  watches: ['watches'] as const,
};

export function useConnections() {
  return useQuery({
    queryKey: connectionKeys.all,
    queryFn: () => unwrap<Page<Connection>>(client.GET('/api/v1/connections')),
  });
}

export function useTables(id: number | null) {
  return useQuery({
    queryKey: connectionKeys.tables(id ?? 0),
    queryFn: () =>
      unwrap<Page<TableSummary>>(
        client.GET('/api/v1/connections/{connection_id}/tables', {
          params: { path: { connection_id: id ?? 0 } },
        }),
      ),
    enabled: id !== null,
    staleTime: 2_000,
  });
}

export function useTable(id: number, table: string) {
  return useQuery({
    queryKey: connectionKeys.table(id, table),
    queryFn: () =>
      unwrap<TableDetail>(
        client.GET('/api/v1/connections/{connection_id}/tables/{table}', {
          params: { path: { connection_id: id, table } },
        }),
      ),
  });
}

export function useSamples(id: number, table: string) {
  return useQuery({
    queryKey: [...connectionKeys.table(id, table), 'records'],
    queryFn: () =>
      unwrap<Page<SampleRecord>>(
        client.GET('/api/v1/connections/{connection_id}/tables/{table}/records', {
          params: { path: { connection_id: id, table }, query: { limit: 10 } },
        }),
      ),
  });
}

export function useWatchSwitch() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (input: { connectionId: number; table: string; on: boolean }) => {
      if (input.on) {
        const body = { connection_id: input.connectionId, table: input.table };
        await settled(client.POST('/api/v1/watches', { body }));
        return;
      }
      const watches = await unwrap<Page<Watch>>(client.GET('/api/v1/watches'));
      const watch = watches.items.find(
        (one) => one.connection_id === input.connectionId && one.table === input.table,
      );
      if (watch === undefined) return;
      await settled(client.DELETE('/api/v1/watches/{watch_id}', { params: { path: { watch_id: watch.id } } }));
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['tables'] }),
  });
}

/** Tries the settings of a form without saving them. */
export function useTryConnection() {
  return useMutation({
    mutationFn: (body: ConnectionInput) => unwrap<CheckAnswer>(client.POST('/api/v1/connections/check', { body })),
  });
}

export function useCheckConnection() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) =>
      unwrap<CheckAnswer>(
        client.POST('/api/v1/connections/{connection_id}/check', { params: { path: { connection_id: id } } }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: connectionKeys.all }),
  });
}

export function useSaveConnection() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (input: { id: number | null; body: ConnectionInput }) => {
      if (input.id === null) {
        await settled(client.POST('/api/v1/connections', { body: input.body }));
        return;
      }
      const { label, settings, secret } = input.body;
      await settled(
        client.PATCH('/api/v1/connections/{connection_id}', {
          params: { path: { connection_id: input.id } },
          body: { label, settings, ...(secret.password ? { secret } : {}) },
        }),
      );
    },
    onSettled: () => queries.invalidateQueries({ queryKey: connectionKeys.all }),
  });
}

export function useRemoveConnection() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) =>
      settled(
        client.DELETE('/api/v1/connections/{connection_id}', { params: { path: { connection_id: id } } }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: connectionKeys.all }),
  });
}
