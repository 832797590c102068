/** The fields of an action, by its kind. */
import { Button, Group, Skeleton, Text } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { withWords } from '../i18n';
import { objectAt, textAt, without } from '../model/json';
import type { RuleNode } from '../model/rule';
import { unshown } from '../model/shown';
import { ApprovalForm } from './ApprovalForm';
import { AskForm } from './AskForm';
import { useRoom } from './context';
import { NotifyForm } from './MessageForms';
import { CreateForm, UpdateForm } from './RecordForms';
import { SmsForm } from './SmsForm';
import { changeNode, useBuilder, useBuilderStore } from './store';
import type { FieldsProps } from './TextField';
import { WebhookForm } from './WebhookForm';

const EmitForm = lazy(async () => ({ default: (await import('./EmitForm')).EmitForm }));
const RunRuleForm = lazy(async () => ({ default: (await import('./RunRuleForm')).RunRuleForm }));
const FindForm = lazy(() => withWords(import('./FindForm'), 'finding'));
const EmailForm = lazy(() => withWords(import('./EmailForm'), 'mailing'));
const ReportForm = lazy(() => withWords(import('./ReportForm'), 'reports', 'finding'));
const AssignForm = lazy(() => withWords(import('./AssignForm'), 'desk'));
const QueueCallForm = lazy(() => withWords(import('./QueueCallForm'), 'desk'));

export function ActionForm({ node }: { node: RuleNode }) {
  const store = useBuilderStore();
  const fresh = useBuilder((state) => state.fresh === node.id);
  const fields = objectAt(node, 'fields');
  const set: FieldsProps['set'] = (field, value, typing = false) =>
    changeNode(
      store,
      node.id,
      (old) => {
        const before = objectAt(old, 'fields');
        return {
          ...old,
          fields: value === undefined ? without(before, field) : { ...before, [field]: value },
        };
      },
      typing ? `${node.id}.${field}` : undefined,
    );
  return (
    <>
      <Suspense fallback={<Skeleton h={300} />}>
        <OwnForm node={node} fields={fields} set={set} fresh={fresh} />
      </Suspense>
      <AlsoInJson node={node} />
    </>
  );
}

function OwnForm(props: FieldsProps & { fresh: boolean }) {
  const { t } = useTranslation();
  const kind = textAt(props.node, 'do');
  switch (kind) {
    case 'send_email':
      return <EmailForm {...props} />;
    case 'send_sms':
      return <SmsForm {...props} />;
    case 'assign':
      return <AssignForm {...props} />;
    case 'queue_call':
      return <QueueCallForm {...props} />;
    case 'http_request':
      return <AskForm {...props} />;
    case 'find_record':
    case 'find_records':
      return <FindForm {...props} />;
    case 'make_report':
      return <ReportForm {...props} />;
    case 'notify':
      return <NotifyForm {...props} />;
    case 'emit_event':
      return <EmitForm {...props} />;
    case 'run_rule':
      return <RunRuleForm {...props} />;
    case 'ask_approval':
      return <ApprovalForm {...props} />;
    case 'update_record':
      return <UpdateForm {...props} />;
    case 'create_record':
      return <CreateForm {...props} />;
    case 'call_webhook':
      return <WebhookForm {...props} />;
    default:
      return <Text size="sm">{t('builder.form.unknownAction', { kind })}</Text>;
  }
}

/** What the step has beyond its form: kept, and to be seen as JSON. */
function AlsoInJson({ node }: { node: RuleNode }) {
  const { t } = useTranslation();
  const { words } = useRoom();
  const store = useBuilderStore();
  const more = unshown(node);
  if (more.length === 0) return null;
  const names = more.map((field) => t(`problems.field.${field}`, { defaultValue: field }));
  return (
    <Group gap="xs" mt="md" wrap="nowrap" justify="space-between" data-also-json>
      <Text size="sm" c="dimmed">
        {t('builder.form.alsoJson', { fields: words.list(names, 'and') })}
      </Text>
      <Button size="compact-sm" variant="default" flex="none" onClick={() => store.setState({ tab: 'json' })}>
        {t('builder.form.editJson')}
      </Button>
    </Group>
  );
}
