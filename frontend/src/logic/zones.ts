/** Time zones, as this browser knows them: which names there are, and how far a moment is from UTC in one of them. */

/** A zone's own clock at a moment: years count through 0 (1 BC), hours to 23. */
export interface Clock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly seconds: number;
}

const made = new Map<string, Intl.DateTimeFormat>();

/** Null where there is no zone of exactly this name. */
function make(zone: string): Intl.DateTimeFormat | null {
  try {
    const format = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
      timeZone: zone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    // Browsers take `asia/seoul` and `+09:00`, too; the server knows zones by their names alone.
    const named = format.resolvedOptions().timeZone;
    const misspelt = named !== zone && named.toLowerCase() === zone.toLowerCase();
    return misspelt || /^[+-]/.test(zone) ? null : format;
  } catch {
    return null;
  }
}

/** The clock of the zone; null where there is no such zone. */
export function clockIn(zone: string, milliseconds: number): Clock | null {
  const format = made.get(zone) ?? make(zone);
  if (format === null) return null;
  made.set(zone, format);
  const parts = new Map(format.formatToParts(milliseconds).map(({ type, value }) => [type, value]));
  const number = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
  const year = number('year');
  return {
    year: parts.get('era') === 'BC' ? 1 - year : year,
    month: number('month'),
    day: number('day'),
    seconds: number('hour') * 3_600 + number('minute') * 60 + number('second'),
  };
}
