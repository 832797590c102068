/** Which system a request goes to, and where there: any address on the web, or a path below a connection's address. */
import { Anchor, Select, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useConnections } from '../api/connections';
import { textAt } from '../model/json';
import { Place } from './Place';
import { type FieldsProps, TextField } from './TextField';

const ANY = '';

function useSystems(fields: FieldsProps['fields']) {
  const connections = useConnections();
  const systems = (connections.data?.items ?? []).filter((one) => one.kind === 'http');
  const chosen = textAt(fields, 'connection');
  return { systems, chosen, system: systems.find((one) => one.name === chosen) };
}

export function SystemChoice({ fields, set }: FieldsProps) {
  const { t } = useTranslation();
  const { systems, chosen, system } = useSystems(fields);
  return (
    <Place at="fields/connection">
      <Select
        label={t('builder.do.http_request.connection')}
        data={[
          { value: ANY, label: t('asking.anySystem') },
          ...systems.map((one) => ({ value: one.name, label: one.label || one.name })),
          ...(chosen !== '' && !system ? [{ value: chosen, label: chosen }] : []),
        ]}
        value={chosen}
        allowDeselect={false}
        onChange={(name) => set('connection', name === null || name === ANY ? undefined : name)}
      />
      {chosen === '' && (
        <Text size="xs" c="dimmed" mt={6}>
          <Anchor component={Link} to="/connections" size="xs" underline="always">
            {t('asking.noConnection')}
          </Anchor>
        </Text>
      )}
    </Place>
  );
}

export function AddressField(props: FieldsProps & { fresh: boolean }) {
  const { t } = useTranslation();
  const { chosen, system } = useSystems(props.fields);
  const address = system?.settings['base_url'];
  const base = typeof address === 'string' ? address : chosen;
  return (
    <TextField
      {...props}
      field="url"
      autoFocus={props.fresh}
      {...(chosen === ''
        ? { placeholder: 'https://' }
        : { label: t('asking.path', { base }), description: t('asking.pathHint', { open: '{{' }) })}
    />
  );
}
