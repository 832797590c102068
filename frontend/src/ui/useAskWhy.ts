import { useRouter } from '@tanstack/react-router';
import { useConnections } from '../api/connections';
import type { RuleSummary } from '../api/types';

/** Leads to the history of the rule's table, asking of every change why the rule did not run. */
export function useAskWhy(rule: Pick<RuleSummary, 'id' | 'trigger'>): (() => void) | null {
  const router = useRouter();
  const connections = useConnections();
  const { on, connection, table } = rule.trigger;
  const found = connections.data?.items.find((one) => one.name === connection);
  if (on !== 'change' || found === undefined || table === null) return null;
  return () => void router.navigate({ to: '/data', search: { connection: found.id, table, rule: rule.id } });
}
