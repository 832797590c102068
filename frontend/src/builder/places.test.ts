import { expect, test } from 'vitest';
import { firstEmpty } from './places';

test('the first field that waits to be filled in is neither filled, switched off nor a box to tick', () => {
  document.body.innerHTML = `
    <input id="outside">
    <div data-place="fields"><input type="hidden"><input type="checkbox"><input value="kept"><input disabled>
      <textarea id="first"></textarea><input></div>`;
  expect(firstEmpty(document.body)?.id).toBe('first');
  document.body.innerHTML = '<div data-place="fields"><input value="kept"></div>';
  expect(firstEmpty(document.body)).toBeUndefined();
});
