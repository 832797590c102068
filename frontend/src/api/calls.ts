/** Lists of calls: what waits in them, taking the next, and how calls ended. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import { usePages } from './pages';
import type { components } from './schema';

export type Call = components['schemas']['Call'];
export type CallEnded = components['schemas']['CallEnded'];
export type CallState = 'waiting' | 'done';

export function useCallLists() {
  return useQuery({ queryKey: ['calls', 'lists'], queryFn: () => unwrap(client.GET('/api/v1/calls/lists')) });
}

export function useCalls(list: string, state: CallState, search: string, enabled: boolean) {
  return usePages(
    ['calls', 'of', list, state, search],
    (from) => unwrap(client.GET('/api/v1/calls', { params: { query: { ...from, list, state, search } } })),
    { enabled },
  );
}

/** The call that one has now, in whatever list; the first of several. */
export function useOwnCall() {
  return useQuery({
    queryKey: ['calls', 'own'],
    queryFn: () => unwrap(client.GET('/api/v1/calls', { params: { query: { mine: true, limit: 1 } } })),
  });
}

/** Whatever was done to a call, lists and calls are read anew. */
function useCallAct<Input, Answer>(act: (input: Input) => Promise<Answer>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSettled: () => void queries.invalidateQueries({ queryKey: ['calls'] }),
  });
}

export function useTakeNext() {
  return useCallAct((list: string) => unwrap(client.POST('/api/v1/calls/take', { body: { list } })));
}

const of = (id: number) => ({ params: { path: { call_id: id } } });

export function useTakeCall() {
  return useCallAct((id: number) => unwrap(client.POST('/api/v1/calls/{call_id}/take', of(id))));
}

export function useReleaseCall() {
  return useCallAct((id: number) => unwrap(client.POST('/api/v1/calls/{call_id}/release', of(id))));
}

export function useEndCall() {
  return useCallAct(({ id, body }: { id: number; body: CallEnded }) =>
    unwrap(client.POST('/api/v1/calls/{call_id}/outcome', { ...of(id), body })),
  );
}

export function useReopenCall() {
  return useCallAct((id: number) => unwrap(client.POST('/api/v1/calls/{call_id}/reopen', of(id))));
}
