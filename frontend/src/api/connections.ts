/** Connections, their tables and records, and the watches on tables. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, settled, unwrap } from './client';
import { everyPage } from './pages';
import type { ConnectionInput } from './types';

export const connectionKeys = {
  all: ['connections'] as const,
  tables: (id: number) => ['tables', id] as const,
  table: (id: number, table: string) => ['tables', id, table] as const,
  watches: ['watches'] as const,
};

export function useConnections() {
  return useQuery({
    queryKey: connectionKeys.all,
    queryFn: () =>
      everyPage((from) => unwrap(client.GET('/api/v1/connections', { params: { query: from } }))),
  });
}

export function useTables(id: number | null) {
  return useQuery({
    queryKey: connectionKeys.tables(id ?? 0),
    queryFn: () =>
      unwrap(
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
      unwrap(
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
      unwrap(
        client.GET('/api/v1/connections/{connection_id}/tables/{table}/records', {
          params: { path: { connection_id: id, table }, query: { limit: 10 } },
        }),
      ),
  });
}

/** What is known of a connection's event log; looked at anew by the server several times a minute. */
export function useLog(id: number) {
  return useQuery({
    queryKey: ['watches', 'log', id],
    queryFn: () =>
      unwrap(
        client.GET('/api/v1/connections/{connection_id}/log', { params: { path: { connection_id: id } } }),
      ),
    refetchInterval: 10_000,
  });
}

/** Brings back the triggers of a watched table. */
export function useWatchAgain() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (watchId: number) =>
      settled(client.POST('/api/v1/watches/{watch_id}/again', { params: { path: { watch_id: watchId } } })),
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: ['watches'] });
      await queries.invalidateQueries({ queryKey: ['tables'] });
    },
  });
}

/** Says how to go on after a restore: from now (null), or everything since an id. */
export function useGoOn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { connectionId: number; since: number | null }) =>
      unwrap(
        client.POST('/api/v1/connections/{connection_id}/log', {
          params: { path: { connection_id: input.connectionId } },
          body: input.since === null ? { answer: 'continue' } : { answer: 'restart', since: input.since },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: ['watches'] }),
  });
}

/** Watches a table, or stops the watch given. */
export function useWatchSwitch() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { connectionId: number; table: string; watchId: number | null }) =>
      settled(
        input.watchId === null
          ? client.POST('/api/v1/watches', {
              body: { connection_id: input.connectionId, table: input.table, excluded: [] },
            })
          : client.DELETE('/api/v1/watches/{watch_id}', { params: { path: { watch_id: input.watchId } } }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: ['tables'] }),
  });
}

/** Reads the changes of a table again that stood aside. */
export function useReadAgain() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { connectionId: number; table: string }) =>
      unwrap(
        client.POST('/api/v1/connections/{connection_id}/tables/{table}/read-again', {
          params: { path: { connection_id: input.connectionId, table: input.table } },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: ['tables'] }),
  });
}

/** Tries the settings of a form without saving them. */
export function useTryConnection() {
  return useMutation({
    mutationFn: (body: ConnectionInput) => unwrap(client.POST('/api/v1/connections/check', { body })),
  });
}

export function useCheckConnection() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) =>
      unwrap(
        client.POST('/api/v1/connections/{connection_id}/check', { params: { path: { connection_id: id } } }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: connectionKeys.all }),
  });
}

/** SMS providers that are ready made. */
export function useSmsProviders(enabled = true) {
  return useQuery({
    queryKey: ['sms-providers'],
    queryFn: () => unwrap(client.GET('/api/v1/connections/sms-providers')),
    staleTime: Number.POSITIVE_INFINITY,
    enabled,
  });
}

/** The rules that use a connection; asked for when somebody looks. */
export function useUsingRules(id: number, asked: boolean) {
  return useQuery({
    queryKey: [...connectionKeys.all, id, 'rules'],
    queryFn: () =>
      unwrap(
        client.GET('/api/v1/connections/{connection_id}/rules', { params: { path: { connection_id: id } } }),
      ),
    enabled: asked,
  });
}

/** Sends a test mail to oneself, or a test message to a phone. */
export function useProveConnection() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { id: number; to: string }) =>
      unwrap(
        client.POST('/api/v1/connections/{connection_id}/prove', {
          params: { path: { connection_id: input.id } },
          body: { to: input.to },
        }),
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
          body: { label, settings, ...(secret && Object.keys(secret).length > 0 ? { secret } : {}) },
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
