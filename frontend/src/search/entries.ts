/** What the search offers, and how words are matched and put in order. Pure; knows nothing of React or fetching. */

export const GROUPS = ['recent', 'rules', 'runs', 'records', 'actions', 'pages'] as const;
export type Group = (typeof GROUPS)[number];

/** A place that can be gone to again: kept in the list of recent ones. */
export interface Place {
  kind: 'rules' | 'runs' | 'records' | 'pages';
  href: string;
  label: string;
  hint: string;
}

export interface Entry {
  id: string;
  group: Group;
  label: string;
  hint: string;
  /** Which picture it has. */
  icon: string;
  place: Place | null;
  /** For what is done rather than gone to. */
  perform: (() => void) | null;
}

export function toPlace(place: Place, group: Group = place.kind): Entry {
  const { href, label, hint, kind } = place;
  return { id: `${group}:${href}`, group, label, hint, icon: kind, place, perform: null };
}

/** Those gone to lately first, each in its own order. */
export function recentFirst(entries: readonly Entry[], recent: readonly Place[]): Entry[] {
  const rank = (entry: Entry): number => {
    const at = recent.findIndex((place) => place.href === entry.place?.href);
    return at < 0 ? recent.length : at;
  };
  return entries
    .map((entry, order) => ({ entry, order, rank: rank(entry) }))
    .sort((a, b) => a.rank - b.rank || a.order - b.order)
    .map(({ entry }) => entry);
}

/** The entries by group, in the order of the groups; groups without entries are left out. */
export function grouped(entries: readonly Entry[]): { group: Group; entries: Entry[] }[] {
  return GROUPS.map((group) => ({ group, entries: entries.filter((entry) => entry.group === group) })).filter(
    (one) => one.entries.length > 0,
  );
}

/** The entry `by` places on, round the ends; the first where the one before is gone. */
export function step(entries: readonly Entry[], from: string | null, by: 1 | -1): string | null {
  if (entries.length === 0) return null;
  const at = entries.findIndex((entry) => entry.id === from);
  const next = at < 0 ? (by === 1 ? 0 : entries.length - 1) : (at + by + entries.length) % entries.length;
  return entries[next]?.id ?? null;
}
