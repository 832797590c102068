/** What is told to whom inside the product. */
import { Select, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ROLES } from '../api/types';
import { Preview } from './Preview';
import { type FieldsProps, TextField } from './TextField';

export function NotifyForm(props: FieldsProps & { fresh: boolean }) {
  const { t } = useTranslation();
  const { fields, set } = props;
  const to = fields['to'] === undefined ? 'everyone' : fields['to'];
  const groups: readonly string[] = ['everyone', ...ROLES];
  const known = typeof to === 'string' && groups.includes(to);
  return (
    <Stack gap="md">
      <Select
        label={t('builder.do.notify.to')}
        data={[...groups, 'person'].map((one) => ({ value: one, label: t(`builder.whoChoice.${one}`) }))}
        value={known && typeof to === 'string' ? to : 'person'}
        onChange={(chosen) => chosen !== null && set('to', chosen === 'person' ? '' : chosen)}
      />
      {!known && <TextField {...props} field="to" />}
      <TextField {...props} field="title" autoFocus={props.fresh} />
      <TextField
        {...props}
        field="body"
        lines={3}
        description={t('builder.form.typeBraces', { open: '{{' })}
      />
      <Preview node={props.node} />
    </Stack>
  );
}
