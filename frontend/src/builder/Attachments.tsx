/** Which reports go with a mail: those that steps before it make on every way here. */
import { Checkbox, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { actionsBefore } from '../model/before';
import { templateWords } from '../model/conditionWords';
import { isList, isObject, type JSONValue, objectAt, textAt } from '../model/json';
import { useRoom } from './context';
import { Place } from './Place';
import { useOpened } from './store';
import type { FieldsProps } from './TextField';
import { AdvancedValue } from './ValueField';

function pathOf(value: JSONValue): string | null {
  const path = isObject(value) && Object.keys(value).length === 1 ? value['var'] : undefined;
  return typeof path === 'string' ? path : null;
}

export function Attachments({ node, fields, set }: FieldsProps) {
  const { t } = useTranslation();
  const { words } = useRoom();
  const opened = useOpened();
  const value = fields['attachments'];
  const chosen = isList(value) ? value.map(pathOf) : value === undefined ? [] : [null];
  const reports = actionsBefore(opened, node.id)
    .filter((one) => textAt(one, 'do') === 'make_report')
    .map((one) => ({
      path: `steps.${one.id}.output.report`,
      title: templateWords(objectAt(one, 'fields')['title'], words),
    }));
  const strange = chosen.some((path) => path === null || !reports.some((one) => one.path === path));
  if (reports.length === 0 && chosen.length === 0) return null;
  const choose = (path: string, on: boolean): void => {
    const next = on ? [...chosen, path] : chosen.filter((one) => one !== path);
    set('attachments', next.length === 0 ? undefined : next.map((one) => ({ var: one ?? '' })));
  };
  return (
    <Place at="fields/attachments">
      <Text size="sm" fw={600} mb={4}>
        {t('builder.do.send_email.attachments')}
      </Text>
      {strange ? (
        <AdvancedValue value={value} />
      ) : (
        <Stack gap={6}>
          {reports.map(({ path, title }) => (
            <Checkbox
              key={path}
              size="sm"
              label={t('mailing.attach', { report: title || '…' })}
              checked={chosen.includes(path)}
              onChange={(event) => choose(path, event.currentTarget.checked)}
            />
          ))}
        </Stack>
      )}
    </Place>
  );
}
