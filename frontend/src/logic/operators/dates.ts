/** Dates: date_add, date_diff, date_part. ISO text in, UTC text out; a moment is microseconds since 1970 as bigint. */
import { Broken, MAX_NUMBER } from '../budget';
import { children } from '../compile';
import type { JSONValue } from '../json';
import type { Operator } from '../tree';
import { numberOf, shown } from '../values';
import { clockIn } from '../zones';

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6})\d*)?)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/;
const UNITS = ['seconds', 'minutes', 'hours', 'days', 'weeks', 'months', 'years'];
const PARTS = ['year', 'month', 'day', 'weekday', 'hour', 'minute', 'date', 'time'];
const SECONDS: ReadonlyMap<string, bigint> = new Map([
  ['seconds', 1n],
  ['minutes', 60n],
  ['hours', 3_600n],
  ['days', 86_400n],
  ['weeks', 604_800n],
]);
const SECOND = 1_000_000n;
const DAY = 86_400n * SECOND;
const FIRST = BigInt(dayNumber(1, 1, 1)) * DAY;
const AFTER_LAST = BigInt(dayNumber(10_000, 1, 1)) * DAY;

interface Parts {
  year: number;
  month: number;
  day: number;
  /** Microseconds since midnight. */
  time: bigint;
}

/** Days since 1970-01-01 in the Gregorian calendar. */
function dayNumber(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

const floorDiv = (a: bigint, b: bigint): bigint => (a - (((a % b) + b) % b)) / b;

function partsOf(moment: bigint): Parts {
  const days = floorDiv(moment, DAY);
  const shifted = Number(days) + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthIndex = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return {
    year,
    month,
    day: dayOfYear - Math.floor((153 * monthIndex + 2) / 5) + 1,
    time: moment - days * DAY,
  };
}

function lastDay(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

interface Read {
  moment: bigint;
  wholeDay: boolean;
}

function readDate(value: JSONValue, at: string): Read {
  const match = typeof value === 'string' && value.length <= MAX_NUMBER ? ISO.exec(value) : null;
  if (match !== null) {
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
      .slice(1, 7)
      .map((part) => Number(part ?? 0));
    const zone = match[8];
    const digits =
      zone === undefined || zone === 'Z' ? '0000' : zone.slice(1).replace(':', '').padEnd(4, '0');
    const zoneHours = Number(digits.slice(0, 2));
    const zoneMinutes = Number(digits.slice(2));
    const inRange =
      year >= 1 &&
      month >= 1 &&
      month <= 12 &&
      day >= 1 &&
      day <= lastDay(year, month) &&
      hour <= 23 &&
      minute <= 59;
    if (inRange && second <= 59 && zoneHours <= 23 && zoneMinutes <= 59) {
      const micros = BigInt((match[7] ?? '').padEnd(6, '0'));
      const local =
        BigInt(dayNumber(year, month, day)) * DAY +
        BigInt(hour * 3_600 + minute * 60 + second) * SECOND +
        micros;
      const shift = BigInt(zoneHours * 3_600 + zoneMinutes * 60) * SECOND;
      const moment = zone?.startsWith('-') ? local + shift : local - shift;
      if (moment >= FIRST && moment < AFTER_LAST) return { moment, wholeDay: match[4] === undefined };
    }
  }
  throw new Broken(at, 'bad-date', `${shown(value)} is not a date.`);
}

const outside = (at: string): Broken =>
  new Broken(at, 'bad-date', 'The date falls outside the years 1 to 9999.');

const pad = (value: number | bigint, width: number): string => String(value).padStart(width, '0');

function momentText(moment: bigint): string {
  const { year, month, day, time } = partsOf(moment);
  const seconds = time / SECOND;
  const micros = time % SECOND;
  const fraction = micros === 0n ? '' : `.${pad(micros, 6)}`.replace(/0+$/, '');
  const clock = `${pad(seconds / 3_600n, 2)}:${pad((seconds / 60n) % 60n, 2)}:${pad(seconds % 60n, 2)}`;
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}T${clock}${fraction}+00:00`;
}

function word(value: JSONValue, words: string[], at: string): string {
  if (typeof value === 'string' && words.includes(value)) return value;
  throw new Broken(at, 'bad-arguments', `${shown(value)} is not one of ${words.join(', ')}.`);
}

/** null outside the years 1 to 9999. */
function addMonths(moment: bigint, months: number): bigint | null {
  const { year, month, day, time } = partsOf(moment);
  const index = year * 12 + month - 1 + months;
  const newYear = Math.floor(index / 12);
  if (!(newYear >= 1 && newYear <= 9_999)) return null;
  const newMonth = index - newYear * 12 + 1;
  return BigInt(dayNumber(newYear, newMonth, Math.min(day, lastDay(newYear, newMonth)))) * DAY + time;
}

const dateAdd: Operator = {
  min: 3,
  max: 3,
  compile: (node, wrap) => {
    const args = children(node, wrap);
    return (data, budget) => {
      const [date = null, amount = null, unitValue = null] = args.map((arg) => arg(data, budget));
      if (date === null || amount === null) return null;
      const { moment, wholeDay } = readDate(date, node.path);
      const count = Math.trunc(numberOf(amount, node.path));
      const unit = word(unitValue, UNITS, node.path);
      const seconds = SECONDS.get(unit);
      const moved =
        seconds === undefined
          ? addMonths(moment, unit === 'years' ? count * 12 : count)
          : moment + BigInt(count) * seconds * SECOND;
      if (moved === null || moved < FIRST || moved >= AFTER_LAST) {
        throw outside(node.path);
      }
      const text = momentText(moved);
      return wholeDay && ['days', 'weeks', 'months', 'years'].includes(unit) ? text.slice(0, 10) : text;
    };
  },
};

function wholeMonths(early: bigint, late: bigint): number {
  const a = partsOf(early);
  const b = partsOf(late);
  const months = (b.year - a.year) * 12 + b.month - a.month;
  return b.day < a.day || (b.day === a.day && b.time < a.time) ? months - 1 : months;
}

const dateDiff: Operator = {
  min: 3,
  max: 3,
  compile: (node, wrap) => {
    const args = children(node, wrap);
    return (data, budget) => {
      const [to = null, since = null, unitValue = null] = args.map((arg) => arg(data, budget));
      if (to === null || since === null) return null;
      const end = readDate(to, node.path).moment;
      const start = readDate(since, node.path).moment;
      const unit = word(unitValue, UNITS, node.path);
      const seconds = SECONDS.get(unit);
      if (seconds !== undefined) return Number((end - start) / (seconds * SECOND));
      const months = end >= start ? wholeMonths(start, end) : -wholeMonths(end, start);
      return (unit === 'years' ? Math.trunc(months / 12) : months) + 0;
    };
  },
};

/** The moment as the clock of a zone shows it, as if that were UTC. */
function inZone({ moment, wholeDay }: Read, value: JSONValue, at: string): bigint {
  const clock =
    typeof value === 'string' && value.length <= MAX_NUMBER
      ? clockIn(value, Number(floorDiv(moment, 1_000n)))
      : null;
  if (clock === null) throw new Broken(at, 'bad-arguments', `${shown(value)} is not a time zone.`);
  if (wholeDay) return moment;
  const fraction = moment - floorDiv(moment, SECOND) * SECOND;
  const local =
    BigInt(dayNumber(clock.year, clock.month, clock.day)) * DAY + BigInt(clock.seconds) * SECOND + fraction;
  if (local < FIRST || local >= AFTER_LAST) throw outside(at);
  return local;
}

function partOf(moment: bigint, part: string): JSONValue {
  const { year, month, day, time } = partsOf(moment);
  switch (part) {
    case 'year':
      return year;
    case 'month':
      return month;
    case 'day':
      return day;
    case 'hour':
      return Number(time / (3_600n * SECOND));
    case 'minute':
      return Number((time / (60n * SECOND)) % 60n);
    case 'date':
      return momentText(moment).slice(0, 10);
    case 'time':
      return momentText(moment).slice(11, 19);
    default:
      return Number((((floorDiv(moment, DAY) + 3n) % 7n) + 7n) % 7n) + 1;
  }
}

/** A date without a time has no zone: only a moment is brought into the one that is named. */
const datePart: Operator = {
  min: 2,
  max: 3,
  compile: (node, wrap) => {
    const args = children(node, wrap);
    return (data, budget) => {
      const [date = null, partValue = null, ...zones] = args.map((arg) => arg(data, budget));
      if (date === null) return null;
      const read = readDate(date, node.path);
      const part = word(partValue, PARTS, node.path);
      const [local = read.moment] = zones.map((zone) => inZone(read, zone, node.path));
      return partOf(local, part);
    };
  },
};

export const dates: [string, Operator][] = [
  ['date_add', dateAdd],
  ['date_diff', dateDiff],
  ['date_part', datePart],
];
