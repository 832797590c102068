/** From the review to what turning on would change: the draft beside the live version. What is open is saved first. */
import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useRoom } from './context';

export function SeeChanges({ ruleId }: { ruleId: number }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { autosave } = useRoom();
  const go = async (): Promise<void> => {
    await autosave.flush();
    await navigate({
      to: '/rules/$ruleId/versions',
      params: { ruleId: String(ruleId) },
      search: { b: 'draft' },
    });
  };
  return (
    <Button variant="subtle" mr="auto" onClick={() => void go()}>
      {t('builder.versions.seeChanges')}
    </Button>
  );
}
