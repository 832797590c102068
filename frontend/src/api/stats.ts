/** Numbers for the dashboard. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { client, unwrap } from './client';
import type { Period } from './types';

export const statsKey = ['stats'] as const;

export function useStats(period: Period) {
  return useQuery({
    queryKey: [...statsKey, period],
    queryFn: () => unwrap(client.GET('/api/v1/stats', { params: { query: { period } } })),
    placeholderData: keepPreviousData,
  });
}
