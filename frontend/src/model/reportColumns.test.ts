import { expect, test } from 'vitest';
import { humanise } from './names';
import { headed, readFrom } from './reportColumns';

test('a head that is emptied is left out, and the rest of the column stays', () => {
  expect(headed({ key: 'at', label: 'When' }, '')).toEqual({ key: 'at' });
  expect(headed({ key: 'at' }, 'When')).toEqual({ key: 'at', label: 'When' });
});

test('the name of a field goes with it, a head of somebody’s own stays', () => {
  expect(readFrom({ key: 'id', label: 'Id' }, 'email', humanise)).toEqual({ key: 'email', label: 'Email' });
  expect(readFrom({ key: 'id', label: 'Number' }, 'email', humanise)).toEqual({
    key: 'email',
    label: 'Number',
  });
  expect(readFrom({ key: 'id' }, 'email', humanise)).toEqual({ key: 'email' });
  expect(readFrom({ key: 'id', label: 'Id' }, '', humanise)).toEqual({ key: '' });
});
