import { beforeEach, expect, test } from 'vitest';
import { END_PX, movedWidth, rememberedWidth, rememberWidth, START_PX, USUAL_PX } from './panelWidth';

beforeEach(() => localStorage.clear());

test('arrows move the edge, Home and End go to its limits', () => {
  expect(movedWidth(400, 'ArrowLeft')).toBe(416);
  expect(movedWidth(400, 'ArrowRight')).toBe(384);
  expect(movedWidth(END_PX, 'ArrowLeft')).toBe(END_PX);
  expect(movedWidth(400, 'Home')).toBe(START_PX);
  expect(movedWidth(400, 'End')).toBe(END_PX);
  expect(movedWidth(400, 'a')).toBeNull();
});

test('the width is remembered, and nonsense is not', () => {
  expect(rememberedWidth()).toBe(USUAL_PX);
  rememberWidth(500);
  expect(rememberedWidth()).toBe(500);
  localStorage.setItem('ruleyard.panel', '9000');
  expect(rememberedWidth()).toBe(END_PX);
  localStorage.setItem('ruleyard.panel', 'wide');
  expect(rememberedWidth()).toBe(USUAL_PX);
});
