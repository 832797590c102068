import { Button, Group, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useGoOn } from '../api/connections';
import type { LogTrouble } from '../api/types';
import { useProblemText } from '../ui/States';
import { toastDone, toastError } from '../ui/toast';

/** A restored database: read on from now, or everything that its log holds since an id. */
export function GoOn({ connectionId, trouble }: { connectionId: number; trouble: LogTrouble }) {
  const { t } = useTranslation();
  const problem = useProblemText();
  const goOn = useGoOn();
  const { oldest, newest } = trouble.args;
  const [since, setSince] = useState<number | string>(typeof oldest === 'number' ? oldest : 0);
  const say = (from: number | null) =>
    goOn.mutate(
      { connectionId, since: from },
      {
        onSuccess: (went) => toastDone(t('data.goOn.done', { count: went.to_read })),
        onError: (error) => toastError(problem(error)),
      },
    );
  return (
    <Group gap="sm" align="end">
      <Button size="xs" loading={goOn.isPending} onClick={() => say(null)}>
        {t('data.goOn.continue')}
      </Button>
      <NumberInput
        size="xs"
        label={t('data.goOn.since', { oldest, newest })}
        value={since}
        onChange={setSince}
        min={0}
        allowDecimal={false}
        hideControls
      />
      <Button
        size="xs"
        variant="default"
        disabled={typeof since !== 'number'}
        loading={goOn.isPending}
        onClick={() => say(Number(since))}
      >
        {t('data.goOn.restart')}
      </Button>
    </Group>
  );
}
