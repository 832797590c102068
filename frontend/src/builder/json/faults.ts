/** What is wrong with a text of JSON: where it stops being JSON, or what the check says of the rule with it in place. */
import { useDebouncedValue } from '@mantine/hooks';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useCheckOf } from '../../api/builder';
import { problemText } from '../../i18n/problemText';
import type { JSONObject, JSONValue } from '../../model/json';
import { parseJson } from '../../model/parseJson';
import { foundOf } from '../../model/problems';

export type Fault = {
  readonly at: { readonly pointer: string } | { readonly line: number; readonly column: number };
  readonly message: string;
  readonly severity: 'error' | 'warning';
};

/** Where the text belongs: the whole rule with a value put there, and what is known of the value that is there. */
export type Whole = {
  readonly ruleId: number;
  /** A JSON Pointer in the rule; '' is the rule itself. */
  readonly path: string;
  readonly with: (value: JSONValue) => JSONObject | null;
  readonly known: readonly Fault[];
};

/** Typing rests before anything is said. */
const QUIET_MS = 400;

/** `now`: the text as it was when somebody asked; that is answered at once. */
export function useFaults(text: string, written: string, now: string | null, whole: Whole): readonly Fault[] {
  const { t } = useTranslation();
  const [rested] = useDebouncedValue(text, QUIET_MS);
  const asked = now === text ? text : rested;
  const read = useMemo(() => (asked === written ? null : parseJson(asked)), [asked, written]);
  const document = read?.kind === 'value' ? whole.with(read.value) : null;
  const { data } = useCheckOf(whole.ruleId, document);
  const { known, path } = whole;
  return useMemo(() => {
    if (read === null) return known;
    if (read.kind === 'error') {
      const { line, column } = read;
      return [
        { at: { line, column }, message: t('builder.json.error', { line, column }), severity: 'error' },
      ];
    }
    return foundOf(data?.problems ?? [])
      .filter((problem) => `${problem.path}/`.startsWith(`${path}/`))
      .map((problem) => ({
        at: { pointer: problem.path.slice(path.length) },
        message: problemText(problem, t),
        severity: problem.severity ?? 'error',
      }));
  }, [read, known, path, data, t]);
}
