/** Whether a template can be told as a sentence already. Pure. */
import type { Template } from '../api/types';

/** False where no table is at hand yet: the sentence would be one of gaps. */
export function told({ about, questions }: Template): boolean {
  return about !== null || questions.every(({ kind }) => kind !== 'table');
}

/** Nothing to choose from: no database is connected, or none that has tables. */
export function noTables({ questions }: Template): boolean {
  return questions.some(({ kind, options }) => kind === 'table' && options.length === 0);
}
