/** Lists that the server gives page by page: the first at once, the next ones when somebody asks. */
import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query';

interface Page {
  next: string | null;
}

/** `everyMs`: read anew by itself, while only the first page is open; further pages would all be read again. */
export function usePages<P extends Page>(
  queryKey: QueryKey,
  read: (from: { cursor?: string }) => Promise<P>,
  { everyMs, enabled = true }: { everyMs?: number; enabled?: boolean } = {},
) {
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => read(pageParam === '' ? {} : { cursor: pageParam }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    enabled,
    refetchInterval: (query) =>
      everyMs === undefined || (query.state.data?.pages.length ?? 0) > 1 ? false : everyMs,
  });
}

/** All of a list that is short by its nature, whatever the length of its pages. */
export async function everyPage<T>(
  read: (from: { cursor?: string }) => Promise<{ items: T[]; next: string | null }>,
): Promise<{ items: T[] }> {
  const items: T[] = [];
  let next: string | null = '';
  while (next !== null) {
    const page: { items: T[]; next: string | null } = await read(next === '' ? {} : { cursor: next });
    items.push(...page.items);
    next = page.next;
  }
  return { items };
}
