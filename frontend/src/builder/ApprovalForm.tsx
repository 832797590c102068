/** A question for approval: who decides, what they are asked, how they hear of it, and how long is waited. */
import { Checkbox, SegmentedControl, Select, Stack, Switch, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useConnections } from '../api/connections';
import { TEST_ANSWERS } from '../api/types';
import { isObject, type JSONObject, textAt } from '../model/json';
import { CountInput } from '../ui/CountInput';
import { Approvers } from './Approvers';
import { Place } from './Place';
import { Preview } from './Preview';
import { SpanInput } from './SpanInput';
import { useBuilder, useBuilderStore } from './store';
import { type FieldsProps, TextField } from './TextField';

const UNITS = ['minutes', 'hours', 'days'] as const;
const USUAL = { amount: 7, unit: 'days' };
const MOST_REMINDERS = 5;

function spanOf(span: JSONObject): { amount: number; unit: string } {
  const { amount } = span;
  return { amount: typeof amount === 'number' ? amount : 0, unit: textAt(span, 'unit') };
}

export function ApprovalForm(props: FieldsProps & { fresh: boolean }) {
  const { t } = useTranslation();
  const { fields, set, node } = props;
  const remind = isObject(fields['remind']) ? fields['remind'] : null;
  return (
    <Stack gap="md">
      <Approvers {...props} />
      <TextField {...props} field="question" description={t('builder.form.typeBraces', { open: '{{' })} />
      <TextField {...props} field="details" lines={4} />
      <MailServer {...props} />
      <SpanInput
        place="fields/at_most"
        label={t('approval.form.atMost')}
        span={isObject(fields['at_most']) ? spanOf(fields['at_most']) : USUAL}
        units={UNITS}
        onChange={(span, typing) => set('at_most', span, typing)}
      />
      {(textAt(fields, 'connection') !== '' || remind !== null) && (
        <div>
          <Switch
            label={t('approval.form.remind')}
            checked={remind !== null}
            onChange={() => set('remind', remind ? undefined : { amount: 1, unit: 'days', times: 3 })}
          />
          {remind && (
            <Stack gap="md" mt="md">
              <SpanInput
                place="fields/remind"
                label={t('approval.form.every')}
                span={spanOf(remind)}
                units={UNITS}
                onChange={(span, typing) => set('remind', { ...remind, ...span }, typing)}
              />
              <CountInput
                label={t('approval.form.times')}
                max={MOST_REMINDERS}
                value={Number(remind['times'] ?? 1)}
                onChange={(times) => set('remind', { ...remind, times }, true)}
              />
            </Stack>
          )}
        </div>
      )}
      <Checkbox
        label={t('approval.form.commentNeeded')}
        checked={fields['comment'] === 'on_refusal'}
        onChange={(event) => set('comment', event.currentTarget.checked ? 'on_refusal' : undefined)}
      />
      <Text size="sm" c="dimmed">
        {t('approval.form.ways')}
      </Text>
      <Pretend id={node.id} />
      <Preview node={node} />
    </Stack>
  );
}

function MailServer({ fields, set }: FieldsProps) {
  const { t } = useTranslation();
  const connections = useConnections();
  const servers = (connections.data?.items ?? []).filter((one) => one.kind === 'smtp');
  const chosen = textAt(fields, 'connection');
  const strange = chosen !== '' && !servers.some((one) => one.name === chosen);
  const change = (name: string | null): void => {
    set('connection', name === null || name === '' ? undefined : name);
    // Reminders go by mail.
    if (name === null || name === '') set('remind', undefined);
  };
  return (
    <Place at="fields/connection">
      <Select
        label={t('approval.form.mail')}
        description={t('approval.form.mailHint')}
        data={[
          { value: '', label: t('approval.form.noMail') },
          ...servers.map((one) => ({ value: one.name, label: one.label || one.name })),
          ...(strange ? [{ value: chosen, label: chosen }] : []),
        ]}
        allowDeselect={false}
        value={chosen}
        onChange={change}
      />
    </Place>
  );
}

/** What the test takes people to say. */
function Pretend({ id }: { id: string }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const answer = useBuilder((state) => state.testing.answers[id]) ?? 'approved';
  return (
    <div>
      <Text size="sm" fw={600} mb={4} id={`pretend-${id}`}>
        {t('approval.form.pretend')}
      </Text>
      <SegmentedControl
        size="xs"
        aria-labelledby={`pretend-${id}`}
        value={answer}
        onChange={(value) => {
          const chosen = TEST_ANSWERS.find((one) => one === value);
          if (chosen === undefined) return;
          store.setState(({ testing }) => ({
            testing: { ...testing, answers: { ...testing.answers, [id]: chosen } },
          }));
        }}
        data={TEST_ANSWERS.map((one) => ({ value: one, label: t(`approval.form.answer.${one}`) }))}
      />
    </div>
  );
}
