/** Asking another system over HTTP: which one, how, with what, and what its answers look like. */
import { Select, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { objectAt, textAt } from '../model/json';
import { JsonBody } from './JsonBody';
import { PairRows } from './PairRows';
import { Place } from './Place';
import { Preview } from './Preview';
import { SampleAnswer } from './SampleAnswer';
import { AddressField, SystemChoice } from './SystemChoice';
import type { FieldsProps } from './TextField';

export function AskForm(props: FieldsProps & { fresh: boolean }) {
  const { t } = useTranslation();
  const { fields, set, node } = props;
  const sends = !['', 'GET'].includes(textAt(fields, 'method'));
  return (
    <Stack gap="md">
      <SystemChoice {...props} />
      <Select
        label={t('builder.do.http_request.method')}
        data={['GET', 'POST', 'PUT', 'PATCH', 'DELETE']}
        value={textAt(fields, 'method') || 'GET'}
        allowDeselect={false}
        onChange={(method) => set('method', method ?? undefined)}
      />
      <AddressField {...props} />
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
