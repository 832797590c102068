/** "Really send, to me only": one mail of the draft, filled in for the chosen record, to one's own address. */
import { Button, Text } from '@mantine/core';
import { IconMailForward } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useSendTest } from '../api/builder';
import { isProblem } from '../api/client';
import { useMay, useSession } from '../api/session';
import { useRoom } from './context';
import { testRecordOf } from './lamps/testRecord';
import { currentDocument, useBuilderStore } from './store';
import { opOf } from './useTesting';

export function SendToMe({ stepId }: { stepId: string }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { subject } = useRoom();
  const send = useSendTest();
  const me = useSession().data?.account;
  const may = useMay('editor');
  if (!may || !me) return null;
  const ask = (): void => {
    const { testing, ruleId } = store.getState();
    send.mutate({
      document: currentDocument(store),
      node: stepId,
      record: testRecordOf(testing, subject, opOf(store)),
      rule_id: ruleId,
    });
  };
  const known = isProblem(send.error) ? `lamps.send.${send.error.code}` : '';
  return (
    <div data-send-to-me={stepId}>
      <Button
        size="compact-sm"
        variant="default"
        mt={8}
        leftSection={<IconMailForward size={15} aria-hidden />}
        loading={send.isPending}
        onClick={ask}
      >
        {t('lamps.send.button')}
      </Button>
      <Text
        size="xs"
        mt={6}
        role="status"
        {...(send.error ? { c: 'var(--mantine-color-error)' } : { c: 'dimmed' })}
      >
        {send.error
          ? t(known, { defaultValue: t('lamps.send.failed', { words: send.error.message }) })
          : send.data
            ? t('lamps.send.done', { to: send.data.to, subject: send.data.subject })
            : t('lamps.send.hint', { to: me.email })}
      </Text>
    </div>
  );
}
