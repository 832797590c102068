/** Moments at which one calls again, by the clock of the browser. Pure. */

const HOUR_MS = 3_600_000;
const MORNING = 9;

export function inHours(now: Date, hours: number): Date {
  return new Date(now.getTime() + hours * HOUR_MS);
}

/** Nine o'clock of the next day. */
export function nextMorning(now: Date): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, MORNING);
}

/** As a field for date and time takes it: `2026-11-23T17:05`. */
export function localInput(moment: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
  return `${day}T${two(moment.getHours())}:${two(moment.getMinutes())}`;
}
