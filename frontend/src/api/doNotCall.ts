/** The do-not-call list: who is on it, lists that are pasted into it, and who may be called again. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client, settled, unwrap } from './client';
import { usePages } from './pages';
import type { components } from './schema';

export type DoNotCall = components['schemas']['DoNotCall'];
export type PastedPhones = Required<components['schemas']['PastedPhones']>;
export type PhonesListed = components['schemas']['PhonesListed'];

export function useDoNotCall(search: string) {
  return usePages(['calls', 'not', search], (from) =>
    unwrap(client.GET('/api/v1/calls/do-not-call', { params: { query: { ...from, search } } })),
  );
}

/** Whoever is listed leaves the lists of calls: all of them are read anew. */
function useListAct<Input, Answer>(act: (input: Input) => Promise<Answer>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSettled: () => void queries.invalidateQueries({ queryKey: ['calls'] }),
  });
}

export function useForbidPhones() {
  return useListAct((body: PastedPhones) => unwrap(client.POST('/api/v1/calls/do-not-call', { body })));
}

/** Puts one back as it was. */
export function useForbidPhone() {
  return useListAct(({ phone, name, said }: DoNotCall) =>
    settled(
      client.PUT('/api/v1/calls/do-not-call/{phone}', { params: { path: { phone } }, body: { name, said } }),
    ),
  );
}

export function useAllowPhone() {
  return useListAct((phone: string) =>
    settled(client.DELETE('/api/v1/calls/do-not-call/{phone}', { params: { path: { phone } } })),
  );
}
