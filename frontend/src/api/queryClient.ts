/** TanStack Query's settings: refusals are not retried, an unreachable server is. */
import { QueryClient } from '@tanstack/react-query';
import { isProblem } from './client';

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        refetchOnWindowFocus: true,
        retry: (failures, error) =>
          failures < 2 && isProblem(error) && (error.status === 0 || error.status >= 502),
      },
      mutations: { retry: false },
    },
  });
}
