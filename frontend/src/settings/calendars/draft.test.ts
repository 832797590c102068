import { expect, test } from 'vitest';
import {
  below,
  byYear,
  type Day,
  newCalendar,
  nextSpan,
  onWorkdays,
  putList,
  putSpecial,
  specials,
  withSpans,
} from './draft';

const office = newCalendar('Office', 'Asia/Seoul');
const like: Day = 'mon';

test('a new calendar is Monday to Friday, 9 to 18', () => {
  expect(office.week.fri).toEqual([['09:00', '18:00']]);
  expect(office.week.sat).toEqual([]);
});

test('hours are added behind the last of a day, never past its end', () => {
  expect(nextSpan([])).toEqual(['09:00', '18:00']);
  expect(nextSpan([['09:00', '12:00']])).toEqual(['13:00', '14:00']);
  expect(nextSpan([['22:00', '24:00']])).toEqual(['00:00', '01:00']);
});

test('the hours of one day go to Monday to Friday', () => {
  const short = onWorkdays(withSpans(office, 'tue', [['10:00', '16:00']]), 'tue');
  expect([short.week.mon, short.week.fri]).toEqual([[['10:00', '16:00']], [['10:00', '16:00']]]);
  expect(short.week.sun).toEqual([]);
});

test('a day is free, free each year, or worked, and stands once', () => {
  const free = putSpecial(office, '', { on: '2026-10-09', name: 'Hangul Day', kind: 'free', like });
  const yearly = putSpecial(free, '2026-10-09', {
    on: '2026-10-09',
    name: 'Hangul Day',
    kind: 'yearly',
    like,
  });
  expect(yearly.holidays).toEqual([{ on: '2026-10-09', name: 'Hangul Day', yearly: true }]);
  const worked = putSpecial(yearly, '2026-10-09', {
    on: '2026-10-10',
    name: '',
    kind: 'worked',
    like: 'fri',
  });
  expect(worked.holidays).toEqual([]);
  expect(specials(worked)).toEqual([{ on: '2026-10-10', name: '', kind: 'worked', like: 'fri' }]);
  expect(specials(putSpecial(worked, '2026-10-10', null))).toEqual([]);
});

test('a list is put in: its days win, others stay, its years are known', () => {
  const before = putSpecial(office, '', { on: '2026-01-01', name: 'Old name', kind: 'free', like });
  const found = putList(withSpans(before, 'mon', []), {
    holidays: [{ on: '2026-01-01', name: 'New Year' }],
    make_up: [{ on: '2026-01-04' }],
    years: [2027, 2026],
  });
  expect(found.holidays).toEqual([{ on: '2026-01-01', name: 'New Year' }]);
  expect(found.make_up).toEqual([{ on: '2026-01-04', like: 'tue' }]);
  expect(found.years).toEqual([2026, 2027]);
  expect(putList(found, { holidays: [], years: [] }).years).toEqual([2026, 2027]);
});

test('days are told by year, those of every year first', () => {
  const all = specials({
    ...office,
    holidays: [{ on: '2027-01-01' }, { on: '2026-01-01' }, { on: '2020-12-25', yearly: true }],
  });
  expect(byYear(all).map(({ year, days }) => [year, days.length])).toEqual([
    ['', 1],
    ['2026', 1],
    ['2027', 1],
  ]);
});

test('a problem stands at its place or below it', () => {
  expect(below('/week/mon', [{ path: '/week/mon/1' }])).toBe(true);
  expect(below('/week/mon', [{ path: '/week/monday' }])).toBe(false);
});
