/** The address that starts the rule: to copy, and to change where too many know it. Also while the rule is only looked at. */
import { Button, CopyButton, Group, Stack, TextInput } from '@mantine/core';
import { IconCheck, IconCopy, IconRefresh } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHook, useRenewHook } from '../api/hooks';
import { useMay } from '../api/session';
import { withWords } from '../i18n';
import { Confirm } from '../ui/Confirm';
import { useProblemText } from '../ui/States';
import { toastError } from '../ui/toast';
import { useBuilder } from './store';

const HookSignature = lazy(() => withWords(import('./HookSignature'), 'desk'));

export function HookAddress() {
  const { t } = useTranslation();
  const ruleId = useBuilder((state) => state.ruleId);
  const url = useHook(ruleId).data?.url ?? '';
  const may = useMay('publisher');
  const renew = useRenewHook(ruleId);
  const inWords = useProblemText();
  const [asking, setAsking] = useState(false);
  return (
    <Stack gap="md" mb="md">
      <TextInput
        label={t('hook.address')}
        description={t('hook.addressHelp')}
        readOnly
        value={url}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Group gap="xs" mt={-8}>
        <CopyButton value={url}>
          {({ copied, copy }) => (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
              onClick={copy}
            >
              {copied ? t('hook.copied') : t('hook.copy')}
            </Button>
          )}
        </CopyButton>
        {may && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconRefresh size={14} aria-hidden />}
            onClick={() => setAsking(true)}
          >
            {t('hook.renew')}
          </Button>
        )}
      </Group>
      <Confirm
        opened={asking}
        title={t('hook.renewTitle')}
        confirm={t('hook.renewConfirm')}
        keep={t('hook.renewKeep')}
        danger
        busy={renew.isPending}
        onConfirm={() =>
          renew.mutate(undefined, {
            onError: (error) => toastError(inWords(error)),
            onSettled: () => setAsking(false),
          })
        }
        onClose={() => setAsking(false)}
      >
        {t('hook.renewText')}
      </Confirm>
      <Suspense fallback={null}>
        <HookSignature />
      </Suspense>
    </Stack>
  );
}
