/** Reports: files that rules made, and their downloads. */
import { client, unwrap } from './client';
import { usePages } from './pages';
import type { components } from './schema';

export type ReportInfo = components['schemas']['ReportInfo'];

export const reportKeys = { all: ['reports'] as const };

export function useReports(filter: { rule_id?: number }) {
  return usePages([...reportKeys.all, filter], (from) =>
    unwrap(client.GET('/api/v1/reports', { params: { query: { ...filter, ...from } } })),
  );
}

/** Where the browser downloads a report from: its answer is an attachment with its own name. */
export function reportAddress(id: number): string {
  return `/api/v1/reports/${id}/file`;
}
