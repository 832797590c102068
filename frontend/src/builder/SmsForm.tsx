/** A text message: through whom, to which number, which words, and in how many parts they go. */
import { Anchor, Button, Select, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useConnections } from '../api/connections';
import { type JSONObject, type JSONValue, textAt } from '../model/json';
import { pieces, pill, toTemplate } from '../model/template';
import { useRoom } from './context';
import { EmptyRecipients } from './EmptyRecipients';
import { evaluateLogic } from './evaluate';
import { sightOf } from './lamps/sight';
import { Place } from './Place';
import { Preview } from './Preview';
import { SmsCount } from './SmsCount';
import { useBuilder } from './store';
import { type FieldsProps, TextField } from './TextField';

const NUMBERS = /phone|mobile|cell|(^|_)(tel|gsm)(_|$)|telefon|휴대|전화|手机|电话|телефон/i;

export function SmsForm(props: FieldsProps & { fresh: boolean }) {
  const { t } = useTranslation();
  const { subject } = useRoom();
  const connections = useConnections();
  const senders = (connections.data?.items ?? []).filter((one) => one.kind === 'sms');
  const { fields, set } = props;
  const chosen = textAt(fields, 'connection');
  const strange = chosen !== '' && !senders.some((one) => one.name === chosen);
  const numbers = subject.columns.filter((column) => NUMBERS.test(`${column.name} ${column.label}`));
  return (
    <Stack gap="md">
      <Place at="fields/connection">
        {connections.data !== undefined && senders.length === 0 && !strange ? (
          <Text size="sm">
            {t('sms.noneYet')}{' '}
            <Anchor component={Link} to="/connections" size="sm" underline="always">
              {t('sms.addOne')}
            </Anchor>
          </Text>
        ) : (
          <Select
            label={t('builder.do.send_sms.connection')}
            placeholder={t('builder.form.chooseConnection')}
            data={[
              ...senders.map((one) => ({ value: one.name, label: one.label || one.name })),
              ...(strange ? [{ value: chosen, label: chosen }] : []),
            ]}
            value={chosen === '' ? null : chosen}
            onChange={(name) => set('connection', name ?? undefined)}
          />
        )}
      </Place>
      <div>
        <TextField
          {...props}
          field="to"
          autoFocus={props.fresh}
          placeholder={t('builder.do.send_sms.toPlaceholder', { open: '{{' })}
        />
        {fields['to'] === '' &&
          numbers.map((column) => (
            <Button
              key={column.name}
              size="compact-sm"
              variant="light"
              mt={6}
              mr={6}
              onClick={() => set('to', { var: `after.${column.name}` })}
            >
              {column.label} {pill(`after.${column.name}`)}
            </Button>
          ))}
        <EmptyRecipients to={fields['to']} />
      </div>
      <div>
        <TextField
          {...props}
          field="text"
          lines={4}
          description={t('builder.form.typeBraces', { open: '{{' })}
        />
        <Size text={fields['text']} />
      </div>
      <Preview node={props.node} />
    </Stack>
  );
}

/** What the text takes: with the test record's values in it, or as it stands. What earlier steps give is known later. */
function Size({ text }: { text: JSONValue | undefined }) {
  const { t } = useTranslation();
  const testing = useBuilder((state) => state.testing);
  const template = toTemplate(text);
  if (template === null) return null;
  const parts = pieces(template);
  const own = parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
  const holds = parts.some((part) => part.kind === 'field');
  const later = parts.some((part) => part.kind === 'field' && part.path.startsWith('steps.'));
  const sight = holds && !later ? sightOf(testing) : null;
  const filled = sight ? filledIn(text, sight.data) : null;
  return (
    <div role="status" style={{ marginTop: 6 }}>
      <SmsCount text={filled ?? own} />
      {holds && (
        <Text size="xs" c="dimmed">
          {filled === null ? t('sms.withFields') : t('sms.forRecord')}
        </Text>
      )}
    </div>
  );
}

function filledIn(text: JSONValue | undefined, data: JSONObject): string | null {
  const outcome = evaluateLogic(text ?? '', data);
  return outcome.kind === 'error' || typeof outcome.value !== 'string' ? null : outcome.value;
}
