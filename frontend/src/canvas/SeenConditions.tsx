/** A condition as it was seen: each comparison with ✓, – or ?, and the value that the record had then. */
import { Text, VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type Condition, toLogic } from '../model/condition';
import { comparisonWords } from '../model/conditionWords';
import { isList, isObject, type JSONValue } from '../model/json';
import { toTree } from '../model/recognise';
import type { Words } from '../model/wording';
import classes from './story.module.css';

export type Seen = {
  readonly path: string;
  readonly operator: string;
  readonly truth?: boolean | 'error' | null | undefined;
  readonly values?: readonly unknown[];
};

type Row = { readonly condition: Condition; readonly path: string };

/** Every comparison with the JSON Pointer of its logic. */
export function rowsOf(condition: Condition, path: string): Row[] {
  if (condition.kind !== 'group') return [{ condition, path }];
  const logic = toLogic(condition);
  const outer = isObject(logic) && '!' in logic ? `${path}/!/0` : path;
  const key = condition.mode === 'any' || condition.mode === 'none' ? 'or' : 'and';
  return condition.items.flatMap((item, index) => rowsOf(item, `${outer}/${key}/${index}`));
}

/** Which field of the seen values is the record's: the first argument that is read by `var`. */
function valueSeen(logic: JSONValue, path: string, seen: ReadonlyMap<string, Seen>): unknown {
  const step = seen.get(path);
  const [operator] = isObject(logic) ? Object.keys(logic) : [];
  const args = isObject(logic) && operator !== undefined ? logic[operator] : undefined;
  if (!step || !isList(args)) return undefined;
  if (operator === 'and' || operator === '!') {
    const last = args.length - 1;
    return valueSeen(args[last] ?? null, `${path}/${operator}/${last}`, seen);
  }
  const at = args.findIndex((arg) => isObject(arg) && 'var' in arg);
  return at < 0 ? undefined : step.values?.[at];
}

function isJson(value: unknown): value is JSONValue {
  return value !== undefined;
}

export function SeenConditions({
  logic,
  seen,
  words,
  tense,
}: {
  logic: JSONValue;
  seen: readonly Seen[];
  words: Words;
  tense: 'has' | 'was';
}) {
  const { t } = useTranslation();
  const byPath = new Map(seen.map((one) => [one.path, one]));
  return (
    <ul className={classes.seen}>
      {rowsOf(toTree(logic), '').map(({ condition, path }) => {
        const one = byPath.get(path);
        const truth = one?.truth ?? null;
        const value = valueSeen(toLogic(condition), path, byPath);
        const field = condition.kind === 'comparison' ? condition.field : null;
        // Where it holds, "has changed to …" says the value itself.
        const told = condition.kind === 'comparison' && condition.op.startsWith('changed') && truth !== false;
        const had = isJson(value) && !told ? words.value(value, field) : null;
        return (
          <li key={path} data-truth={String(truth)}>
            <span className={classes.sign} aria-hidden>
              {truth === true ? '✓' : truth === 'error' ? '?' : truth === false ? '✗' : '–'}
            </span>
            <span>
              {condition.kind === 'comparison'
                ? comparisonWords(condition, words)
                : words.phrase('condition.advanced')}{' '}
              <Text span size="xs" c="dimmed">
                {truth === null
                  ? t('builder.seen.notNeeded')
                  : had === null
                    ? ''
                    : t(`builder.seen.${tense}`, { value: had })}
              </Text>
              <VisuallyHidden>
                {t(`builder.lamp.${truth === null ? 'unseen' : String(truth)}`)}
              </VisuallyHidden>
            </span>
          </li>
        );
      })}
    </ul>
  );
}
