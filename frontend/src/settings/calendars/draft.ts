/** A calendar while it is edited: values in, values out. Pure. */
import type { CalendarDetail, CalendarInput, Holiday, MakeUpDay } from '../../api/types';

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Day = (typeof DAYS)[number];
export type Span = [string, string];
const WORKDAYS: readonly Day[] = DAYS.slice(0, 5);
const USUAL: Span = ['09:00', '18:00'];
const NO_HOURS: CalendarInput['week'] = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };

/** Monday to Friday, 9 to 18. */
export function newCalendar(name: string, zone: string): CalendarInput {
  const week = { ...NO_HOURS, ...Object.fromEntries(WORKDAYS.map((day) => [day, [USUAL]])) };
  return { name, zone, week, holidays: [], make_up: [], years: [], default: false };
}

export function draftOf(calendar: CalendarDetail): CalendarInput {
  const { name, zone, week, holidays, make_up, years } = calendar;
  return { name, zone, week, holidays, make_up, years, default: calendar.default };
}

export function withSpans(draft: CalendarInput, day: Day, spans: readonly Span[]): CalendarInput {
  return { ...draft, week: { ...draft.week, [day]: [...spans] } };
}

/** Where hours are added: after the last of the day, else the usual ones. */
export function nextSpan(spans: readonly Span[]): Span {
  const last = spans.at(-1);
  if (last === undefined) return USUAL;
  const hour = Number(last[1].slice(0, 2)) + 1;
  return hour > 22 ? ['00:00', '01:00'] : [`${two(hour)}:00`, `${two(hour + 1)}:00`];
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

/** The hours of one day for Monday to Friday. */
export function onWorkdays(draft: CalendarInput, day: Day): CalendarInput {
  return WORKDAYS.reduce((all, one) => withSpans(all, one, draft.week[day]), draft);
}

/** A day of the list, free or worked. */
export type Special = {
  readonly on: string;
  readonly name: string;
  readonly kind: 'free' | 'yearly' | 'worked';
  readonly like: Day;
};

export function specials(draft: CalendarInput): Special[] {
  const free = draft.holidays.map(
    ({ on, name = '', yearly = false }): Special => ({
      on,
      name,
      kind: yearly ? 'yearly' : 'free',
      like: 'mon',
    }),
  );
  const worked = draft.make_up.map(
    ({ on, name = '', like = 'mon' }): Special => ({ on, name, kind: 'worked', like }),
  );
  return [...free, ...worked].sort((a, b) => a.on.localeCompare(b.on));
}

/** The list without that day, and with `special` where there is one. Its year is one of those that are known. */
export function putSpecial(draft: CalendarInput, on: string, special: Special | null): CalendarInput {
  const holidays = draft.holidays.filter((one) => one.on !== on && one.on !== special?.on);
  const make_up = draft.make_up.filter((one) => one.on !== on && one.on !== special?.on);
  if (special === null) return { ...draft, holidays, make_up };
  const { name } = special;
  if (special.kind === 'worked')
    return { ...draft, holidays, make_up: [...make_up, { on: special.on, name, like: special.like }] };
  const yearly = special.kind === 'yearly' ? { yearly: true } : {};
  return { ...draft, holidays: [...holidays, { on: special.on, name, ...yearly }], make_up };
}

type List = {
  readonly holidays: readonly Holiday[];
  readonly make_up?: readonly MakeUpDay[];
  readonly years: readonly number[];
};

/** How many days the list has that the calendar does not have yet. */
export function missingOf(draft: CalendarInput, list: List): number {
  const here = new Set([...draft.holidays, ...draft.make_up].map((one) => one.on));
  return [...list.holidays, ...(list.make_up ?? [])].filter((one) => !here.has(one.on)).length;
}

/** A whole list put into the calendar: its days win over those that stand there. */
export function putList(draft: CalendarInput, list: List): CalendarInput {
  const made = list.make_up ?? [];
  const taken = new Set([...list.holidays, ...made].map((one) => one.on));
  const worked = DAYS.find((day) => draft.week[day].length > 0) ?? 'mon';
  return {
    ...draft,
    holidays: [...draft.holidays.filter((one) => !taken.has(one.on)), ...list.holidays],
    make_up: [
      ...draft.make_up.filter((one) => !taken.has(one.on)),
      ...made.map((one) => ({ ...one, like: worked })),
    ],
    years: [...new Set([...draft.years, ...list.years])].sort(),
  };
}

/** Every year that days are listed of, and that of all years; each with its days in order. */
export function byYear(all: readonly Special[]): { year: string; days: Special[] }[] {
  const years = new Map<string, Special[]>();
  for (const one of all) {
    const year = one.kind === 'yearly' ? '' : one.on.slice(0, 4);
    years.set(year, [...(years.get(year) ?? []), one]);
  }
  return [...years].map(([year, days]) => ({ year, days })).sort((a, b) => a.year.localeCompare(b.year));
}

/** Does a list of days say that of a part of the calendar something is wrong? */
export function below(path: string, problems: readonly { readonly path: string }[]): boolean {
  return problems.some((one) => one.path === path || one.path.startsWith(`${path}/`));
}
