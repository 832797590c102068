/** What an action was given in a test, field by field, each as one reads it. */
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { TestResult } from '../api/types';
import { shown } from '../canvas/words';
import { isObject } from '../model/json';
import { humanise } from '../model/names';
import { isGroup } from '../model/stepWords';
import { useLocale } from '../ui/locale';
import { useRoom } from './context';
import { deskLabel, deskWords } from './deskWords';

export default function PreviewFields({ preview }: { preview: TestResult['previews'][string] }) {
  const { t } = useTranslation();
  const { words } = useRoom();
  const locale = useLocale();
  const table = typeof preview.fields['table'] === 'string' ? preview.fields['table'] : '';
  const rows = Object.entries(preview.fields).flatMap(([name, value]): [string, unknown][] => {
    if (name === 'set' && isObject(value)) {
      return Object.entries(value).map(([column, one]) => [words.field(`after.${column}`, table), one]);
    }
    // Where it goes is said by the table; the database's name says nothing to most people.
    if (name === 'connection' || name === 'html') return [];
    // Of a report its file says what it will be; how its rows are looked for stands in its form.
    if (preview.kind === 'make_report' && !['title', 'file', 'rows', 'table'].includes(name)) return [];
    if (name === 'attachments' && Array.isArray(value)) {
      const files = value.filter((one): one is string => typeof one === 'string');
      return [[t('builder.do.send_email.attachments'), words.list(files, 'and')]];
    }
    if (name === 'rule' && isObject(value)) return [[t('builder.do.run_rule.rule'), value['name'] ?? '']];
    const named = t(`problems.field.${name}`, { defaultValue: humanise(name) });
    const label =
      deskLabel(preview.kind, name, t) ?? t(`builder.do.${preview.kind}.${name}`, { defaultValue: named });
    const said = value === null ? null : deskWords(preview.kind, name, preview.fields, words, t, locale);
    if (said !== null) return [[label, said]];
    if (name === 'unless_listed') return value === true ? [[label, t('sms.unlessListedSaid')]] : [];
    if (name === 'to') {
      const people = Array.isArray(value) ? value : [value];
      return [[label, people.map((one) => (isGroup(one) ? t(`builder.who.${one}`) : shown(one))).join(', ')]];
    }
    if (preview.kind === 'ask_approval' && name === 'comment') return [];
    if (isObject(value) && typeof value['amount'] === 'number' && typeof value['unit'] === 'string')
      return [[label, words.duration(value['amount'], value['unit'])]];
    return [[label, name === 'table' ? words.table(table) : value]];
  });
  return (
    <div>
      {rows
        .filter(([, value]) => value !== null && value !== '')
        .map(([name, value]) => (
          <Text key={name} size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            <Text span size="xs" c="dimmed">
              {name}
              {t('look.colon')}
            </Text>
            {shown(value)}
          </Text>
        ))}
    </div>
  );
}
