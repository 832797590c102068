/** An email: through which server, to whom, its subject, its text or HTML, and which reports go with it. */
import { Button, Group, Stack } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Attachments } from './Attachments';
import { MailBody } from './MailBody';
import { Preview } from './Preview';
import { FromField, isAddress, SenderChoice, useSenders } from './Sender';
import { type FieldsProps, TextField } from './TextField';

const MORE = ['cc', 'reply_to'] as const;

export default function EmailForm(props: FieldsProps & { fresh: boolean }) {
  const { t } = useTranslation();
  const { fields, set } = props;
  const sender = useSenders('smtp', fields);
  const [wanted, setWanted] = useState<readonly string[]>([]);
  const shown = MORE.filter((field) => fields[field] !== undefined || wanted.includes(field));
  return (
    <Stack gap="md">
      {(sender.senders.length > 1 || sender.chosen === '' || sender.strange) && (
        <SenderChoice {...props} {...sender} />
      )}
      <div>
        <FromField
          {...props}
          field="to"
          fits={isAddress}
          autoFocus={props.fresh}
          placeholder={t('builder.do.send_email.toPlaceholder', { open: '{{' })}
        />
        <Group gap={6} mt={6}>
          {MORE.filter((field) => !shown.includes(field)).map((field) => (
            <Button
              key={field}
              size="compact-xs"
              variant="default"
              leftSection={<IconPlus size={13} aria-hidden />}
              onClick={() => setWanted([...wanted, field])}
            >
              {t(`mailing.add.${field}`)}
            </Button>
          ))}
        </Group>
      </div>
      {shown.map((field) => (
        <TextField
          key={field}
          {...props}
          set={(name, value, typing) => {
            if (!wanted.includes(field)) setWanted([...wanted, field]);
            set(name, value === '' ? undefined : value, typing);
          }}
          field={field}
          autoFocus={wanted.includes(field) && fields[field] === undefined}
          placeholder={t('builder.do.send_email.toPlaceholder', { open: '{{' })}
        />
      ))}
      <TextField {...props} field="subject" />
      <MailBody {...props} />
      <Attachments {...props} />
      <Preview node={props.node} />
    </Stack>
  );
}
