/** Who decides: people and roles by name, or whoever a field of the record names. */
import { SegmentedControl, Stack, TagsInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePeople } from '../api/people';
import { ROLES } from '../api/types';
import { isList, type JSONValue } from '../model/json';
import { Place } from './Place';
import { type FieldsProps, TextField } from './TextField';

const GROUPS = ['everyone', ...ROLES] as const;

/** The names, where `to` holds nothing else; null where it is worked out for each record. */
function namesIn(to: JSONValue | undefined): readonly string[] | null {
  if (to === undefined || to === '') return [];
  if (typeof to === 'string') return to.split(/[,;]/).flatMap((one) => one.trim() || []);
  if (!isList(to)) return null;
  const names = to.filter((one) => typeof one === 'string');
  return names.length === to.length ? names : null;
}

export function Approvers(props: FieldsProps & { fresh: boolean }) {
  const { t } = useTranslation();
  const { fields, set } = props;
  const names = namesIn(fields['to']);
  // A list is of names; of a text it is not known whether somebody goes on typing it.
  const [typing, setTyping] = useState(false);
  const byField = names === null || (typing && !isList(fields['to']));
  const people = usePeople(true);
  const labels = new Map<string, string>(GROUPS.map((one) => [one, t(`builder.whoChoice.${one}`)]));
  const values = new Map([...labels].map(([value, label]) => [label, value]));
  const label = t('builder.do.ask_approval.to');
  const shown = names ?? [];
  return (
    <Stack gap={6}>
      {byField ? (
        <TextField
          {...props}
          field="to"
          placeholder={t('builder.do.ask_approval.toPlaceholder', { open: '{{' })}
        />
      ) : (
        <Place at="fields/to">
          <TagsInput
            label={label}
            description={t('approval.form.first')}
            placeholder={shown.length === 0 ? t('approval.form.typePeople') : ''}
            autoFocus={props.fresh}
            clearable
            acceptValueOnBlur
            splitChars={[',', ';']}
            data={[...labels.values(), ...(people.data?.items ?? []).map((one) => one.email)]}
            value={shown.map((one) => labels.get(one) ?? one)}
            onChange={(chosen) =>
              set(
                'to',
                chosen.map((one) => values.get(one) ?? one),
              )
            }
          />
        </Place>
      )}
      <SegmentedControl
        size="xs"
        aria-label={t('approval.form.how')}
        value={byField ? 'field' : 'people'}
        onChange={(value) => {
          setTyping(value === 'field');
          set('to', value === 'field' ? '' : []);
        }}
        data={(['people', 'field'] as const).map((value) => ({
          value,
          label: t(`approval.form.${value}`),
        }))}
      />
    </Stack>
  );
}
