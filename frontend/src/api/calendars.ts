/** Working calendars, lists of holidays, and how the hours of a rule stand. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, settled, unwrap } from './client';
import type { CalendarInput, JsonObject } from './types';

const calendarsKey = ['calendars'] as const;

type Week = CalendarInput['week'];

/** An answer with its spans as pairs, which the client's types take for lists of any length. */
function paired<Answer extends { week: Record<keyof Week, readonly (readonly string[])[]> }>(
  answer: Answer,
): Omit<Answer, 'week'> & { week: Week } {
  const pairs = (day: keyof Week) =>
    answer.week[day].map(([from = '', until = '']): [string, string] => [from, until]);
  const week: Week = {
    mon: pairs('mon'),
    tue: pairs('tue'),
    wed: pairs('wed'),
    thu: pairs('thu'),
    fri: pairs('fri'),
    sat: pairs('sat'),
    sun: pairs('sun'),
  };
  return { ...answer, week };
}

export function useCalendars() {
  return useQuery({
    queryKey: calendarsKey,
    queryFn: async () => (await unwrap(client.GET('/api/v1/calendars'))).items.map(paired),
    staleTime: 10_000,
  });
}

export function useCalendar(id: number | null) {
  return useQuery({
    queryKey: [...calendarsKey, id],
    queryFn: async () =>
      paired(
        await unwrap(
          client.GET('/api/v1/calendars/{calendar_id}', { params: { path: { calendar_id: id ?? 0 } } }),
        ),
      ),
    enabled: id !== null,
    staleTime: 0,
  });
}

export function useKeepingRules(id: number, enabled: boolean) {
  return useQuery({
    queryKey: [...calendarsKey, id, 'rules'],
    queryFn: () =>
      unwrap(client.GET('/api/v1/calendars/{calendar_id}/rules', { params: { path: { calendar_id: id } } })),
    enabled,
  });
}

/** Everything that a calendar decides is read anew. */
function useStale() {
  const queries = useQueryClient();
  return async (): Promise<void> => {
    const keys = [calendarsKey, ['schedule-preview'], ['hours']];
    await Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey })));
  };
}

/** Makes a calendar (no id), or changes one that is still as it was read. */
export function useSaveCalendar() {
  const stale = useStale();
  return useMutation({
    mutationFn: (input: { id: number | null; etag: string; body: CalendarInput }) =>
      input.id === null
        ? unwrap(client.POST('/api/v1/calendars', { body: input.body }))
        : unwrap(
            client.PUT('/api/v1/calendars/{calendar_id}', {
              params: {
                path: { calendar_id: input.id },
                header: { 'If-Match': `"${input.etag}"` },
              },
              body: input.body,
            }),
          ),
    onSettled: stale,
  });
}

export function useRemoveCalendar() {
  const stale = useStale();
  return useMutation({
    mutationFn: (id: number) =>
      settled(client.DELETE('/api/v1/calendars/{calendar_id}', { params: { path: { calendar_id: id } } })),
    onSettled: stale,
  });
}

/** What a calendar that is not saved would do, and what is wrong with it. */
export function useCalendarCheck(body: CalendarInput) {
  return useQuery({
    queryKey: ['calendar-check', JSON.stringify(body)],
    queryFn: () => unwrap(client.POST('/api/v1/calendars/check', { body })),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

export function useCountries() {
  return useQuery({
    queryKey: ['countries'],
    queryFn: async () => (await unwrap(client.GET('/api/v1/calendars/countries'))).items,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useCountry(code: string | null) {
  return useQuery({
    queryKey: ['countries', code],
    queryFn: () =>
      unwrap(client.GET('/api/v1/calendars/countries/{code}', { params: { path: { code: code ?? '' } } })),
    enabled: code !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

type Wanted = {
  readonly country: string | null;
  readonly part: string | null;
  readonly years: readonly number[];
  readonly language: 'en' | 'ko' | 'zh' | 'ru';
};

/** A ready list of public holidays; nothing is stored. */
export function useReadyList({ country, part, years, language }: Wanted) {
  return useQuery({
    queryKey: ['ready-holidays', country, part, years.join(), language],
    queryFn: () =>
      unwrap(
        client.POST('/api/v1/calendars/ready', {
          body: { country: country ?? '', part, years: [...years], language },
        }),
      ),
    enabled: country !== null && years.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

/** A pasted list, read. */
export function usePastedList(text: string) {
  return useQuery({
    queryKey: ['pasted-holidays', text],
    queryFn: () => unwrap(client.POST('/api/v1/calendars/read', { body: { text } })),
    enabled: text.trim() !== '',
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

/** How the hours of a rule stand now; looked at anew each minute. */
export function useHoursPreview(hours: JsonObject | undefined) {
  return useQuery({
    queryKey: ['hours', JSON.stringify(hours)],
    queryFn: () => unwrap(client.POST('/api/v1/hours/preview', { body: { hours: { ...hours } } })),
    enabled: hours !== undefined,
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });
}
