/** A text message: through whom, to which number, which words, in how many parts they go, and to whom they do not. */
import { Anchor, Stack, Switch, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { JSONObject, JSONValue } from '../model/json';
import { pieces, toTemplate } from '../model/template';
import { evaluateLogic } from './evaluate';
import { sightOf } from './lamps/sight';
import { Place } from './Place';
import { Preview } from './Preview';
import { FromField, isNumber, SenderChoice, useSenders } from './Sender';
import { SmsCount } from './SmsCount';
import { useBuilder } from './store';
import { type FieldsProps, TextField } from './TextField';

export function SmsForm(props: FieldsProps & { fresh: boolean }) {
  const { t } = useTranslation();
  const sender = useSenders('sms', props.fields);
  return (
    <Stack gap="md">
      {sender.known && sender.senders.length === 0 && !sender.strange ? (
        <Place at="fields/connection">
          <Text size="sm">
            {t('sms.noneYet')}{' '}
            <Anchor component={Link} to="/connections" size="sm" underline="always">
              {t('sms.addOne')}
            </Anchor>
          </Text>
        </Place>
      ) : (
        <SenderChoice {...props} {...sender} />
      )}
      <div>
        <FromField
          {...props}
          field="to"
          fits={isNumber}
          autoFocus={props.fresh}
          placeholder={t('builder.do.send_sms.toPlaceholder', { open: '{{' })}
        />
      </div>
      <div>
        <TextField
          {...props}
          field="text"
          lines={4}
          description={t('builder.form.typeBraces', { open: '{{' })}
        />
        <Size text={props.fields['text']} />
      </div>
      <Place at="fields/unless_listed">
        <Switch
          label={t('sms.unlessListed')}
          description={t('sms.unlessListedHelp')}
          checked={props.fields['unless_listed'] === true}
          onChange={(event) => props.set('unless_listed', event.currentTarget.checked || undefined)}
        />
      </Place>
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
