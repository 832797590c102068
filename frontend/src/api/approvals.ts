/** Questions for approval: those of the signed-in person and of all, their answers, and what a mailed link shows. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import { usePages } from './pages';
import type { Approval } from './types';

const approvalsKey = ['approvals'] as const;

export type Which = 'open' | 'done' | 'all';
export type GivenAnswer = { readonly answer: 'approved' | 'refused'; readonly comment: string };

export function useApprovals(mine: boolean, which: Which) {
  return usePages([...approvalsKey, 'list', mine, which], (from) =>
    unwrap(client.GET('/api/v1/approvals', { params: { query: { mine, which, ...from } } })),
  );
}

/** What a run asks and asked. */
export function useRunApprovals(runId: number, enabled: boolean) {
  return useQuery({
    queryKey: [...approvalsKey, 'run', runId],
    queryFn: () =>
      unwrap(client.GET('/api/v1/approvals', { params: { query: { run_id: runId, which: 'all' } } })),
    enabled,
  });
}

/** How many questions wait for the signed-in person. */
export function useApprovalCount() {
  return useQuery({
    queryKey: [...approvalsKey, 'count'],
    queryFn: () => unwrap(client.GET('/api/v1/approvals/count')),
  });
}

export function useAnswerApproval() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: GivenAnswer & { id: number }) =>
      unwrap(
        client.POST('/api/v1/approvals/{approval_id}/answer', {
          params: { path: { approval_id: id } },
          body,
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: approvalsKey }),
  });
}

export function useRemind() {
  return useMutation({
    mutationFn: (asked: Approval) =>
      unwrap(
        client.POST('/api/v1/approvals/{approval_id}/remind', {
          params: { path: { approval_id: asked.id } },
        }),
      ),
  });
}

const linkKey = (token: string) => ['approvals', 'link', token] as const;

/** The question behind a link; reading it decides nothing. */
export function useLinkedApproval(token: string) {
  return useQuery({
    queryKey: linkKey(token),
    queryFn: () => unwrap(client.GET('/api/v1/approvals/by-link/{token}', { params: { path: { token } } })),
    retry: false,
  });
}

export function useAnswerByLink(token: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: GivenAnswer) =>
      unwrap(client.POST('/api/v1/approvals/by-link/{token}', { params: { path: { token } }, body })),
    onSuccess: (shown) => queries.setQueryData(linkKey(token), shown),
    onError: () => queries.invalidateQueries({ queryKey: linkKey(token) }),
  });
}
