/** What an action would send or change for the test record, as one reads it. Nothing is sent. */

import { Text } from '@mantine/core';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { shown } from '../canvas/words';
import { faultText } from '../i18n/faultText';
import { OPERATORS } from '../logic/table';
import { pathsIn } from '../model/condition';
import { isList, isObject, type JSONObject, type JSONValue, objectAt, textAt } from '../model/json';
import { filledHtml } from '../model/mailHtml';
import type { RuleNode } from '../model/rule';
import { isGroup } from '../model/stepWords';
import { useRoom } from './context';
import { evaluateLogic } from './evaluate';
import { HtmlFrame } from './HtmlFrame';
import { sightOf } from './lamps/sight';
import classes from './panel.module.css';
import { SendToMe } from './SendToMe';
import { useBuilder } from './store';

/** Fields that are words to somebody, in the order in which they are read. */
const PREVIEWED = [
  ...['to', 'url', 'subject', 'title', 'question', 'text', 'body', 'details'],
  ...['phone', 'name', 'list', 'note'],
];

/** JSON of any shape with the values of its expressions in it; `preserve` keeps what only looks like one. */
function filledIn(value: JSONValue, data: JSONObject): JSONValue {
  if (isList(value)) return value.map((one) => filledIn(one, data));
  if (!isObject(value)) return value;
  const [name = '', ...others] = Object.keys(value);
  if (others.length === 0 && OPERATORS.has(name)) {
    const outcome = evaluateLogic(value, data);
    return outcome.kind === 'error' ? `⚠ ${outcome.message}` : outcome.value;
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filledIn(one, data)]));
}

function resolved(value: JSONValue | undefined, data: JSONObject, t: TFunction): string {
  if (value === undefined) return '';
  const outcome = evaluateLogic(value, data);
  return outcome.kind === 'error'
    ? `⚠ ${faultText({ code: outcome.reason, message: outcome.message }, t)}`
    : outcome.value === null
      ? ''
      : shown(outcome.value);
}

/** A value as its column shows it; numbers stay as they are written: many are keys. */
function written(value: JSONValue, data: JSONObject, t: TFunction, inWords: (value: JSONValue) => string) {
  const outcome = evaluateLogic(value, data);
  const plain = outcome.kind === 'error' || outcome.value === null || typeof outcome.value === 'number';
  const named = outcome.kind !== 'error' && typeof outcome.value === 'string' && outcome.value.includes('⟨');
  return plain || named ? resolved(value, data, t) : inWords(outcome.value);
}

/** People as one reads them: groups by name, the others as they come out for the record. */
function whoWords(to: JSONValue | undefined, data: JSONObject, t: TFunction): string {
  const names = (isList(to) ? to : [to]).map((one) =>
    isGroup(one) ? t(`builder.who.${one}`) : resolved(one, data, t),
  );
  return names.filter((name) => name !== '').join(', ');
}

/** What earlier steps will give stands there by its name: nobody knows it before they are done. */
function withSteps(data: JSONObject, paths: readonly string[], name: (path: string) => string): JSONObject {
  let steps: JSONObject = {};
  const put = (into: JSONObject, [first = '', ...rest]: readonly string[], text: string): JSONObject => {
    const inner = into[first];
    return { ...into, [first]: rest.length === 0 ? text : put(isObject(inner) ? inner : {}, rest, text) };
  };
  for (const path of paths) {
    if (path.startsWith('steps.')) steps = put(steps, path.split('.').slice(1), `⟨${name(path)}⟩`);
  }
  return { ...data, steps };
}

export function Preview({ node }: { node: RuleNode }) {
  const { t } = useTranslation();
  const { words } = useRoom();
  const testing = useBuilder((state) => state.testing);
  const sight = sightOf(testing);
  const fields = objectAt(node, 'fields');
  if (!sight) return null;
  const data = withSteps(sight.data, pathsIn(fields), (path) => words.field(path));
  const set = fields['set'];
  const kind = textAt(node, 'do');
  const lines: readonly [string, string][] = isObject(set)
    ? Object.entries(set).map(([column, value]) => [
        words.field(`after.${column}`, textAt(fields, 'table')),
        written(value, data, t, (one) => words.value(one, `after.${column}`, textAt(fields, 'table'))),
      ])
    : PREVIEWED.filter((field) => fields[field] !== undefined && fields[field] !== '').map((field) => [
        t([`builder.do.${kind}.${field}`, `problems.field.${field}`]),
        field === 'to'
          ? whoWords(fields[field], data, t)
          : kind === 'http_request' && field === 'body'
            ? shown(filledIn(fields[field] ?? null, data))
            : resolved(fields[field], data, t),
      ]);
  if (lines.length === 0 && fields['html'] === undefined) return null;
  return (
    <div className={classes.preview} data-preview={node.id}>
      <Text size="xs" c="dimmed" fw={600} mb={6}>
        {testing.label === ''
          ? t('builder.test.preview')
          : t('builder.test.previewFor', { record: testing.label })}
      </Text>
      {lines.map(([label, text]) => (
        <div key={label}>
          <Text span size="xs" c="dimmed">
            {label}
            {t('look.colon')}
          </Text>
          {text === '' ? '–' : text}
        </div>
      ))}
      {kind === 'send_email' && fields['html'] !== undefined && (
        <HtmlFrame
          title={t('builder.do.send_email.html')}
          html={filledHtml(fields['html'], (logic) => resolved(logic, data, t))}
        />
      )}
      {kind === 'send_email' && <SendToMe stepId={node.id} />}
    </div>
  );
}
