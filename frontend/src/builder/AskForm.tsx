/** Asking another system over HTTP: which one, how, with what, and what its answers look like. */
import { Anchor, Select, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useConnections } from '../api/connections';
import { objectAt, textAt } from '../model/json';
import { JsonBody } from './JsonBody';
import { PairRows } from './PairRows';
import { Place } from './Place';
import { Preview } from './Preview';
import { SampleAnswer } from './SampleAnswer';
import { type FieldsProps, TextField } from './TextField';

const ANY = '';

export function AskForm(props: FieldsProps & { fresh: boolean }) {
  const { t } = useTranslation();
  const connections = useConnections();
  const { fields, set, fresh, node } = props;
  const systems = (connections.data?.items ?? []).filter((one) => one.kind === 'http');
  const chosen = textAt(fields, 'connection');
  const system = systems.find((one) => one.name === chosen);
  const address = system?.settings['base_url'];
  const base = typeof address === 'string' ? address : chosen;
  const sends = !['', 'GET'].includes(textAt(fields, 'method'));
  const strange = chosen !== '' && !system;
  return (
    <Stack gap="md">
      <Place at="fields/connection">
        <Select
          label={t('builder.do.http_request.connection')}
          data={[
            { value: ANY, label: t('asking.anySystem') },
            ...systems.map((one) => ({ value: one.name, label: one.label || one.name })),
            ...(strange ? [{ value: chosen, label: chosen }] : []),
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
      <Select
        label={t('builder.do.http_request.method')}
        data={['GET', 'POST', 'PUT', 'PATCH', 'DELETE']}
        value={textAt(fields, 'method') || 'GET'}
        allowDeselect={false}
        onChange={(method) => set('method', method ?? undefined)}
      />
      <TextField
        {...props}
        field="url"
        autoFocus={fresh}
        {...(chosen === ''
          ? { placeholder: 'https://' }
          : { label: t('asking.path', { base }), description: t('asking.pathHint', { open: '{{' }) })}
      />
      <Place at="fields/query">
        <PairRows
          label={t('builder.do.http_request.query')}
          add={t('asking.addQuery')}
          pairs={objectAt(fields, 'query')}
          onChange={(pairs, typing) =>
            set('query', Object.keys(pairs).length === 0 ? undefined : pairs, typing)
          }
        />
      </Place>
      {sends && (
        <Place at="fields/body">
          <JsonBody body={fields['body']} onChange={(body, typing) => set('body', body, typing)} />
        </Place>
      )}
      <Place at="fields/headers">
        <PairRows
          label={t('builder.do.http_request.headers')}
          add={t('asking.addHeader')}
          pairs={objectAt(fields, 'headers')}
          onChange={(pairs, typing) =>
            set('headers', Object.keys(pairs).length === 0 ? undefined : pairs, typing)
          }
        />
      </Place>
      <Place at="fields/accept">
        <Select
          label={t('builder.do.http_request.accept')}
          description={t('asking.retries')}
          data={['success', 'refusals'].map((one) => ({ value: one, label: t(`asking.accept.${one}`) }))}
          value={textAt(fields, 'accept') || 'success'}
          allowDeselect={false}
          onChange={(accept) => set('accept', accept === 'refusals' ? accept : undefined)}
        />
      </Place>
      <Place at="fields/answer">
        <SampleAnswer sample={fields['answer']} onChange={(sample) => set('answer', sample)} />
      </Place>
      <Preview node={node} />
    </Stack>
  );
}
