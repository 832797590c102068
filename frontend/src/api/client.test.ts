import { expect, test } from 'vitest';
import { isProblem, toProblem } from './client';
import { readNews } from './stream';

test('a refusal becomes a problem with its code and its parts', () => {
  const problem = toProblem(422, {
    code: 'rule-has-problems',
    title: 'The rule has problems',
    detail: 'One step needs attention.',
    problems: [{ path: '/nodes/1', code: 'unknown-column', message: 'There is no column statuss.' }],
  });
  expect(isProblem(problem, 'rule-has-problems')).toBe(true);
  expect(isProblem(problem, 'other')).toBe(false);
  expect(problem.message).toBe('One step needs attention.');
  expect(problem.problems[0]?.path).toBe('/nodes/1');
});

test('problems of a refused publish keep what the editor needs: how bad, whose, which words, which fix', () => {
  const fix = { label: 'Use "status"', path: '/nodes/1/logic', value: { var: 'after.status' } };
  const told = { path: '/nodes/1', code: 'unknown-column', message: 'No.', node: 'c', args: { column: 's' } };
  const { problems } = toProblem(422, {
    problems: [
      { ...told, fix },
      { ...told, severity: 'warning' },
    ],
  });
  expect(problems).toEqual([
    { ...told, severity: 'error', fix },
    { ...told, severity: 'warning', fix: null },
  ]);
});

test('an answer that is not ours is still a problem', () => {
  expect(toProblem(502, '<html>')).toMatchObject({ status: 502, code: 'http-502', problems: [] });
});

test('news that cannot be read is no news', () => {
  expect(readNews('run', '{"run_id":1}')).toEqual({ kind: 'run', data: { run_id: 1 } });
  expect(readNews('run', 'not json')).toBeNull();
});
