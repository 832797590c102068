/** Giving a record to one of several people: who takes turns, how, and where it is written. */
import { Select, Stack, Switch, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { textAt } from '../model/json';
import { CountForm } from './CountForm';
import { PeopleRows } from './PeopleRows';
import { Place } from './Place';
import { Preview } from './Preview';
import { type FieldsProps, TextField } from './TextField';
import { useWritten } from './useWritten';

const NOWHERE = ' ';
const MOST_NAME = 100;

export default function AssignForm({ node, fields, set, fresh }: FieldsProps & { fresh: boolean }) {
  const { t } = useTranslation();
  const { connectionId, table, columns } = useWritten(fields);
  const writable = columns.filter((one) => !('generated' in one && one.generated));
  const busy = textAt(fields, 'by') === 'least_busy';
  const chosen = fields['column'];
  const column = columns.find((one) => one.name === chosen);
  const known = typeof chosen !== 'string' || chosen === '' || column !== undefined;
  return (
    <Stack gap="md">
      <Place at="fields/people">
        <PeopleRows
          people={fields['people']}
          column={column}
          fresh={fresh}
          onChange={(people, typing) => set('people', people, typing)}
        />
      </Place>
      <Select
        label={t('desk.by')}
        description={t(busy ? 'desk.busyHelp' : 'desk.turnHelp')}
        data={['round_robin', 'least_busy'].map((one) => ({ value: one, label: t(`desk.how.${one}`) }))}
        value={busy ? 'least_busy' : 'round_robin'}
        allowDeselect={false}
        onChange={(by) => set('by', by === 'least_busy' ? by : undefined)}
      />
      <Place at="fields/column">
        <Select
          label={t('desk.column')}
          description={table === '' ? t('desk.noTable') : undefined}
          placeholder={t('builder.form.chooseField')}
          searchable
          data={[
            ...writable.map((one) => ({ value: one.name, label: one.label })),
            ...(known ? [] : [{ value: String(chosen), label: String(chosen) }]),
            { value: NOWHERE, label: t('desk.nowhere') },
          ]}
          value={chosen === undefined ? NOWHERE : chosen === '' ? null : String(chosen)}
          onChange={(name) => set('column', name === NOWHERE ? undefined : (name ?? ''))}
        />
      </Place>
      {chosen !== undefined && (
        <Switch
          label={t('desk.keep')}
          checked={textAt(fields, 'taken') === 'keep'}
          onChange={(event) => set('taken', event.currentTarget.checked ? 'keep' : undefined)}
        />
      )}
      {busy && <CountForm {...{ node, fields, set, connectionId, table, columns }} />}
      <TextField
        {...{ node, fields: { away: '', ...fields } }}
        set={(field, value, typing) => set(field, value === '' ? undefined : value, typing)}
        field="away"
        label={t('desk.away')}
        description={t('desk.awayHelp', { open: '{{' })}
      />
      <Place at="fields/rotation">
        <TextInput
          label={t('desk.rotation')}
          description={t('desk.rotationHelp')}
          maxLength={MOST_NAME}
          value={textAt(fields, 'rotation')}
          onChange={({ currentTarget: { value } }) => set('rotation', value === '' ? undefined : value, true)}
        />
      </Place>
      <Preview node={node} />
    </Stack>
  );
}
