/** Who is signed in; signing in and out; the first administrator. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, keepCsrf, settled, unwrap } from './client';
import type { Me, Role, Session } from './types';

export const sessionKey = ['session'] as const;

async function readSession(): Promise<Session> {
  const session = await unwrap(client.GET('/api/v1/session'));
  keepCsrf(session.csrf ?? '');
  return session;
}

export const sessionQuery = { queryKey: sessionKey, queryFn: readSession, staleTime: 60_000 };

export function useSession() {
  return useQuery(sessionQuery);
}

const RANK: Record<Role, number> = { viewer: 0, editor: 1, publisher: 2, admin: 3 };

/** True if the signed-in account may do what needs `role`. */
export function useMay(role: Role): boolean {
  const account = useSession().data?.account;
  return account !== null && account !== undefined && RANK[account.role] >= RANK[role];
}

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (body: { email: string; password: string }) => {
      await settled(client.POST('/api/v1/session', { body }));
      return queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
    },
  });
}

export function useSetup() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { token: string; name: string; email: string; password: string }) =>
      settled(client.POST('/api/v1/setup', { body })),
    onSuccess: () => queries.fetchQuery({ ...sessionQuery, staleTime: 0 }),
  });
}

export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => settled(client.DELETE('/api/v1/session')),
    onSuccess: async () => {
      queries.clear();
      await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
    },
  });
}

export function useChangeAccount() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { name?: string; language?: Me['language'] }) =>
      settled(client.PATCH('/api/v1/session/account', { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: sessionKey }),
  });
}
