/** The fields of an action, by its kind. */
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { objectAt, textAt, without } from '../model/json';
import type { RuleNode } from '../model/rule';
import { AskForm } from './AskForm';
import { EmailForm, NotifyForm } from './MessageForms';
import { CreateForm, UpdateForm } from './RecordForms';
import { SmsForm } from './SmsForm';
import { changeNode, useBuilder, useBuilderStore } from './store';
import type { FieldsProps } from './TextField';
import { WebhookForm } from './WebhookForm';

export function ActionForm({ node }: { node: RuleNode }) {
  const { t } = useTranslation();
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
  const props = { node, fields, set };
  switch (textAt(node, 'do')) {
    case 'send_email':
      return <EmailForm {...props} fresh={fresh} />;
    case 'send_sms':
      return <SmsForm {...props} fresh={fresh} />;
    case 'http_request':
      return <AskForm {...props} fresh={fresh} />;
    case 'notify':
      return <NotifyForm {...props} fresh={fresh} />;
    case 'update_record':
      return <UpdateForm {...props} />;
    case 'create_record':
      return <CreateForm {...props} />;
    case 'call_webhook':
      return <WebhookForm {...props} fresh={fresh} />;
    default:
      return <Text size="sm">{t('builder.form.unknownAction', { kind: textAt(node, 'do') })}</Text>;
  }
}
