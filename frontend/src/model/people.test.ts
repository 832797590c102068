import { expect, test } from 'vitest';
import { namedPeople, personItem, personRow } from './people';

const owner = { var: 'after.owner' };

test('a row is a person with a number of turns, and goes back to what it was', () => {
  for (const item of ['ann', 7, '', null, owner, { person: 'bob', weight: 3 }])
    expect(personItem(personRow(item))).toEqual(item);
  expect(personRow({ person: 'bob' })).toEqual({ person: 'bob', weight: 1 });
  // Turns that are worked out stay as they are.
  const worked = { person: 'bob', weight: { var: 'after.turns' } };
  expect(personItem(personRow(worked))).toEqual(worked);
});

test('somebody is named where a name, a number or an expression stands', () => {
  expect(namedPeople(undefined)).toEqual([]);
  expect(namedPeople(['', null, { person: '', weight: 2 }])).toEqual([]);
  expect(namedPeople(['ann', { person: 7, weight: 2 }, owner])).toEqual(['ann', 7, owner]);
  expect(namedPeople(owner)).toEqual([owner]);
});
