/** Templates as they fit the live tables, and the drafts that their answers make. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import { ruleKeys } from './rules';
import type { Json } from './types';

export type TemplateAnswers = Readonly<Record<string, Json>>;

type Language = 'en' | 'ko' | 'zh' | 'ru';

interface Use {
  id: string;
  language: Language;
  zone: string;
  answers: TemplateAnswers;
  name?: string;
}

/** Where the person is: rules on a schedule go by the clock there. */
export const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

const templateKeys = { all: ['templates'] as const };

export function useTemplates(language: Language) {
  return useQuery({
    queryKey: [...templateKeys.all, 'list', language],
    queryFn: () =>
      unwrap(client.GET('/api/v1/templates', { params: { query: { language, zone: OWN_ZONE } } })),
    staleTime: 30_000,
    placeholderData: keepPreviousData,
  });
}

function send({ id, ...body }: Use, dryRun: boolean) {
  return unwrap(
    client.POST('/api/v1/templates/{template_id}/use', {
      params: { path: { template_id: id }, query: { dry_run: dryRun } },
      body: { ...body, answers: { ...body.answers } },
    }),
  );
}

/** The draft that these answers would make, and what is wrong with it; nothing is made. */
export function useTemplateDraft(use: Use) {
  return useQuery({
    queryKey: [...templateKeys.all, 'draft', use],
    queryFn: () => send(use, true),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
}

export function useMakeDraft() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (use: Use) => send(use, false),
    onSettled: () => queries.invalidateQueries({ queryKey: ruleKeys.all }),
  });
}
