/** Rules, drafts, versions, checks, tests, import and export. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, settled, unwrap } from './client';
import type { JsonObject, RuleFilter, RuleSort } from './types';

export const ruleKeys = {
  all: ['rules'] as const,
  list: (filter: RuleListFilter) => ['rules', 'list', filter] as const,
  one: (id: number) => ['rules', 'one', id] as const,
  versions: (id: number) => ['rules', 'versions', id] as const,
};

export interface RuleListFilter {
  search?: string;
  status?: RuleFilter;
  sort?: RuleSort;
  archived?: boolean;
}

export function useRules(filter: RuleListFilter) {
  return useQuery({
    queryKey: ruleKeys.list(filter),
    queryFn: () => unwrap(client.GET('/api/v1/rules', { params: { query: { ...filter, limit: 100 } } })),
    placeholderData: keepPreviousData,
  });
}

export function useRule(id: number) {
  return useQuery({
    queryKey: ruleKeys.one(id),
    queryFn: () => unwrap(client.GET('/api/v1/rules/{rule_id}', { params: { path: { rule_id: id } } })),
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
  return useRuleChange((input: { id: number; on: boolean }) => {
    const params = { path: { rule_id: input.id } };
    return settled(
      input.on
        ? client.POST('/api/v1/rules/{rule_id}/enable', { params })
        : client.POST('/api/v1/rules/{rule_id}/disable', { params }),
    );
  });
}

export function usePublishRule() {
  return useRuleChange((input: { id: number; etag: string; note?: string; enable: boolean }) =>
    settled(
      client.POST('/api/v1/rules/{rule_id}/publish', {
        params: { path: { rule_id: input.id } },
        body: { etag: input.etag, enable: input.enable, note: input.note ?? '' },
      }),
    ),
  );
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

/** Checks (`dryRun`) or really imports a document, a bundle, or a bare JSON Logic expression. */
export function useImport() {
  return useRuleChange((input: { body: JsonObject; dryRun: boolean }) =>
    unwrap(client.POST('/api/v1/import', { params: { query: { dry_run: input.dryRun } }, body: input.body })),
  );
}

/** Rules by name, for pickers. */
export function useRuleNames() {
  return useQuery({
    queryKey: [...ruleKeys.all, 'names'],
    queryFn: async () => {
      const list = await unwrap(
        client.GET('/api/v1/rules', { params: { query: { sort: 'name', limit: 100 } } }),
      );
      return list.items.map(({ id, name }) => ({ id, name }));
    },
  });
}
