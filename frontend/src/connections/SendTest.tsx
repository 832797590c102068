/** "Send a test": a mail to oneself, or a text message to a number that is asked for. Shows that the connection works. */
import { Button, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProveConnection } from '../api/connections';
import { useSession } from '../api/session';
import type { Connection } from '../api/types';
import { DialogActions } from '../ui/DialogActions';
import { useProblemText } from '../ui/States';
import { toastDone } from '../ui/toast';
import { testTrouble } from './troubleText';

export function SendTest({ connection, name }: { connection: Connection; name: string }) {
  const { t } = useTranslation();
  const words = useProblemText();
  const me = useSession().data?.account;
  const prove = useProveConnection();
  const [opened, dialog] = useDisclosure(false);
  const [to, setTo] = useState('');
  const texts = connection.kind === 'sms';
  const close = (): void => {
    dialog.close();
    prove.reset();
  };
  const send = (event: FormEvent): void => {
    event.preventDefault();
    prove.mutate(
      { id: connection.id, to: texts ? to : '' },
      {
        onSuccess: (sent) => {
          toastDone(t('connections.test.done', { to: sent.to }));
          dialog.close();
        },
      },
    );
  };
  return (
    <>
      <Button variant="default" size="xs" onClick={dialog.open}>
        {t('connections.test.button')}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={t('connections.test.title', { name })}
        closeButtonProps={{ 'aria-label': t('ui.close') }}
      >
        <form onSubmit={send}>
          <Stack gap="lg">
            {texts ? (
              <TextInput
                data-autofocus
                type="tel"
                label={t('connections.test.to')}
                description={t('connections.test.toHint')}
                value={to}
                onChange={(event) => setTo(event.currentTarget.value)}
              />
            ) : (
              <Text size="sm">{t('connections.test.mailTo', { to: me?.email ?? '' })}</Text>
            )}
            <div role="status">
              {prove.error !== null && (
                <Text size="sm" style={{ color: 'var(--ry-bad)' }}>
                  {testTrouble(prove.error, connection, t) ?? words(prove.error)}
                </Text>
              )}
            </div>
            <DialogActions onCancel={close}>
              <Button type="submit" loading={prove.isPending} disabled={texts && to.trim() === ''}>
                {t('connections.test.send')}
              </Button>
            </DialogActions>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
