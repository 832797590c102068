/** Over an open rule that Ruleyard itself switched off: why, and how it goes on. */
import { Button, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSwitchRule } from '../api/rules';
import { useMay } from '../api/session';
import type { Rule } from '../api/types';
import { faultText } from '../i18n/faultText';
import { Attention } from '../ui/Attention';
import { useProblemText } from '../ui/States';
import { toastDone, toastError } from '../ui/toast';
import classes from './builder.module.css';

export function PausedNote({ rule, refresh }: { rule: Rule; refresh: () => void }) {
  const { t } = useTranslation();
  const may = useMay('publisher');
  const change = useSwitchRule();
  const inWords = useProblemText();
  if (!rule.paused) return null;
  const turnOn = (): void =>
    change.mutate(
      { id: rule.id, on: true },
      {
        onSuccess: () => {
          toastDone(t('cascade.paused.on', { rule: rule.name }));
          refresh();
        },
        onError: (error) => toastError(inWords(error)),
      },
    );
  return (
    <div className={classes.drift} data-paused>
      <Attention title={t('cascade.paused.title')}>
        <Text size="sm">{faultText(rule.paused, t)}</Text>
        <Text size="sm" c="dimmed">
          {t('cascade.paused.hint')}
        </Text>
        {may && (
          <Button
            size="xs"
            mt="xs"
            style={{ justifySelf: 'start', alignSelf: 'start' }}
            variant="default"
            loading={change.isPending}
            onClick={turnOn}
          >
            {t('cascade.paused.again')}
          </Button>
        )}
      </Attention>
    </div>
  );
}
