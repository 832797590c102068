/** Rules, drafts, versions, checks, tests and export. */
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { client, settled, unwrap } from './client';
import { usePages } from './pages';
import type { JsonObject, RuleFilter, RuleSort } from './types';

export const ruleKeys = {
  all: ['rules'] as const,
  list: (filter: RuleListFilter) => ['rules', 'list', filter] as const,
  one: (id: number) => ['rules', 'one', id] as const,
  open: (id: number) => ['rules', 'open', id] as const,
  versions: (id: number) => ['rules', 'versions', id] as const,
};

/** What of the records that match a rule as it goes on: wait until they change, or run it for them. */
export type Already = 'leave' | 'run';

interface Publishing {
  id: number;
  etag: string;
  note?: string;
  enable: boolean;
  already?: Already;
}

export interface RuleListFilter {
  search?: string;
  status?: RuleFilter;
  sort?: RuleSort;
  archived?: boolean;
  about?: string;
  documents?: boolean;
}

const PAGE = 50;

function readRules(filter: RuleListFilter, limit: number, cursor = '') {
  const query = { ...filter, limit, ...(cursor === '' ? {} : { cursor }) };
  return unwrap(client.GET('/api/v1/rules', { params: { query } }));
}

/** Pages of rules, in the order that the filter asks for. */
export function useRules(filter: RuleListFilter) {
  return useInfiniteQuery({
    queryKey: ruleKeys.list(filter),
    queryFn: ({ pageParam }) => readRules({ ...filter, documents: true }, PAGE, pageParam),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}

/** Rules that hold runs until somebody decides. */
export function useHolding() {
  return useQuery({
    queryKey: [...ruleKeys.all, 'holding'],
    queryFn: () => readRules({ status: 'attention' }, 1),
    select: ({ attention }) => attention.filter(({ held }) => (held ?? 0) > 0),
  });
}

/** The rules that start from a table (`connection schema.table`), by name, few at a time: each is then explained. */
export function useRulesAbout(about: string) {
  return usePages([...ruleKeys.all, 'about', about], ({ cursor }) =>
    readRules({ sort: 'name', about }, 8, cursor),
  );
}

export function useRule(id: number | null) {
  return useQuery({
    queryKey: ruleKeys.one(id ?? 0),
    queryFn: () => unwrap(client.GET('/api/v1/rules/{rule_id}', { params: { path: { rule_id: id ?? 0 } } })),
    enabled: id !== null,
  });
}

function useRuleChange<In, Out>(mutationFn: (input: In) => Promise<Out>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn,
    onSettled: () => queries.invalidateQueries({ queryKey: ruleKeys.all }),
  });
}

export function useCreateRule() {
  return useRuleChange((body: { name?: string; document?: JsonObject }) =>
    unwrap(client.POST('/api/v1/rules', { body })),
  );
}

export function useSwitchRule() {
  return useRuleChange((input: { id: number; on: boolean; already?: Already }) => {
    const params = { path: { rule_id: input.id } };
    return settled(
      input.on
        ? client.POST('/api/v1/rules/{rule_id}/enable', {
            params: { ...params, query: { already: input.already ?? 'leave' } },
          })
        : client.POST('/api/v1/rules/{rule_id}/disable', { params }),
    );
  });
}

/** Turns a rule off; `goingOn` says what becomes of its open runs. */
export function useTurnOff() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, goingOn }: { id: number; goingOn: 'finish' | 'stop' }) =>
      settled(
        client.POST('/api/v1/rules/{rule_id}/disable', {
          params: { path: { rule_id: id }, query: { going_on: goingOn } },
        }),
      ),
    onSettled: async (_answer, _error, { id }) => {
      await queries.invalidateQueries({ queryKey: ruleKeys.open(id) });
      await queries.invalidateQueries({ queryKey: ruleKeys.all });
    },
  });
}

/** How many runs of a rule did not end yet, read anew each time; every second while they are being stopped. */
export function useOpenRuns(id: number, stopping: boolean) {
  return useQuery({
    queryKey: ruleKeys.open(id),
    queryFn: () => unwrap(client.GET('/api/v1/rules/{rule_id}/open', { params: { path: { rule_id: id } } })),
    staleTime: 0,
    gcTime: 0,
    refetchInterval: stopping ? 1_000 : false,
  });
}

export function usePublishRule() {
  return useRuleChange((input: Publishing) =>
    settled(
      client.POST('/api/v1/rules/{rule_id}/publish', {
        params: { path: { rule_id: input.id } },
        body: {
          etag: input.etag,
          enable: input.enable,
          note: input.note ?? '',
          already: input.already ?? 'leave',
        },
      }),
    ),
  );
}

/** Writes another name into the draft as it is now. */
export function useRenameRule() {
  return useRuleChange(async ({ id, name }: { id: number; name: string }) => {
    const path = { rule_id: id };
    const { draft } = await unwrap(client.GET('/api/v1/rules/{rule_id}', { params: { path } }));
    await settled(
      client.PUT('/api/v1/rules/{rule_id}/draft', {
        params: { path, header: { 'If-Match': draft.etag } },
        body: { document: { ...draft.document, name } },
      }),
    );
  });
}

export function useDuplicateRule() {
  return useRuleChange((id: number) =>
    unwrap(client.POST('/api/v1/rules/{rule_id}/duplicate', { params: { path: { rule_id: id } } })),
  );
}

export function useArchiveRule() {
  return useRuleChange((id: number) =>
    settled(client.DELETE('/api/v1/rules/{rule_id}', { params: { path: { rule_id: id } } })),
  );
}

export function useRestoreRule() {
  return useRuleChange((id: number) =>
    settled(client.POST('/api/v1/rules/{rule_id}/restore', { params: { path: { rule_id: id } } })),
  );
}

export async function exportRule(id: number): Promise<JsonObject> {
  return unwrap(client.GET('/api/v1/rules/{rule_id}/export', { params: { path: { rule_id: id } } }));
}

/**
 * The first rules whose name has `search` in it, for pickers: the server searches, so none is out of reach.
 * `about`: only those that start from a table, `connection schema.table`; null asks for none.
 */
export function useRuleNames(search: string, about: string | null = '') {
  return useQuery({
    queryKey: [...ruleKeys.all, 'names', search, about],
    queryFn: async () => {
      const filter = {
        ...(search === '' ? {} : { search }),
        ...(about === '' || about === null ? {} : { about }),
      };
      const page = await readRules({ sort: 'name', ...filter }, 20);
      return page.items.map(({ id, name }) => ({ id, name }));
    },
    enabled: about !== null,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
}

/** Every rule as others can start it: what it starts on, or with which events. */
export function useStartable() {
  return useQuery({
    queryKey: [...ruleKeys.all, 'startable'],
    queryFn: async () => (await unwrap(client.GET('/api/v1/rules/startable'))).items,
    staleTime: 10_000,
  });
}
