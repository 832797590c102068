import { expect, test } from 'vitest';
import vectors from '../../../shared-schemas/vectors/sms/parts.json';
import { smsParts } from './smsParts';

test.each(vectors.cases)('$name', ({ text, times, then, is }) => {
  expect(smsParts(text.repeat(times ?? 1) + (then ?? ''))).toEqual(is);
});
