/** Calling an address on the web: which one, how, and with what. */
import { Select, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { isObject, objectAt, textAt } from '../model/json';
import { PairRows } from './PairRows';
import { Place } from './Place';
import { Preview } from './Preview';
import { AddressField, SystemChoice } from './SystemChoice';
import type { FieldsProps } from './TextField';

export function WebhookForm(props: FieldsProps & { fresh: boolean }) {
  const { t } = useTranslation();
  const { fields, set, node } = props;
  const chosen = isObject(fields['payload']);
  return (
    <Stack gap="md">
      <SystemChoice {...props} />
      <AddressField {...props} />
      <Select
        label={t('builder.do.call_webhook.method')}
        data={['POST', 'PUT', 'PATCH', 'GET', 'DELETE']}
        value={textAt(fields, 'method') || 'POST'}
        onChange={(method) => set('method', method ?? undefined)}
      />
      <Select
        label={t('builder.do.call_webhook.payload')}
        data={[
          { value: 'event', label: t('builder.do.call_webhook.wholeEvent') },
          { value: 'chosen', label: t('builder.do.call_webhook.chosen') },
        ]}
        value={chosen ? 'chosen' : 'event'}
        onChange={(kind) => set('payload', kind === 'chosen' ? {} : undefined)}
      />
      {chosen && (
        <Place at="fields/payload">
          <PairRows
            label={t('builder.do.call_webhook.values')}
            add={t('builder.do.call_webhook.addValue')}
            pairs={objectAt(fields, 'payload')}
            onChange={(pairs, typing) => set('payload', pairs, typing)}
          />
        </Place>
      )}
      <Place at="fields/headers">
        <PairRows
          label={t('builder.do.call_webhook.headers')}
          add={t('builder.do.call_webhook.addHeader')}
          pairs={objectAt(fields, 'headers')}
          onChange={(pairs, typing) =>
            set('headers', Object.keys(pairs).length === 0 ? undefined : pairs, typing)
          }
        />
      </Place>
      <Preview node={node} />
    </Stack>
  );
}
