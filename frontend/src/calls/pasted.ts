/** What is left of a pasted list once the server has taken what it could read. Pure. */

export type Left = { readonly text: string; readonly lines: readonly number[] };

type Fault = { readonly line: number; readonly code: 'no-number' | 'no-country' | 'too-many-lines' };

/**
 * The lines that were not taken, and for each fault its line (from 1) in what is left. Of a list that is too long all
 * further lines are left.
 */
export function leftOf(pasted: string, faults: readonly Fault[]): Left {
  const lines = pasted.split(/\r\n|\r|\n/);
  const left = faults.flatMap(({ line, code }) =>
    code === 'too-many-lines' ? lines.slice(line - 1) : lines.slice(line - 1, line),
  );
  return { text: left.join('\n'), lines: faults.map((_, index) => index + 1) };
}

/** The calling code of numbers that people of this language write without one; none where many countries speak it. */
export function homeCode(language: string): string {
  const codes: Readonly<Record<string, string>> = { ko: '82', zh: '86', ru: '7' };
  return codes[language] ?? '';
}
