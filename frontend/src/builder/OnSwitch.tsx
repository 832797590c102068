/** The switch of the open rule: on asks for a review when something is new, off where records wait in it. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSwitchRule } from '../api/rules';
import { useMay } from '../api/session';
import type { Rule } from '../api/types';
import { useProblemText } from '../ui/States';
import { Switch } from '../ui/Switch';
import { TurnOff } from '../ui/TurnOff';
import { toastError } from '../ui/toast';
import { revealing } from './attend';
import { useBuilderStore } from './store';

export function OnSwitch({ rule, refresh }: { rule: Rule; refresh: () => void }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const may = useMay('publisher');
  const change = useSwitchRule();
  const inWords = useProblemText();
  const [asking, setAsking] = useState(false);
  const turn = (on: boolean): void =>
    change.mutate(
      { id: rule.id, on },
      {
        onSuccess: refresh,
        onError: (error) => toastError(inWords(error)),
      },
    );
  return (
    <>
      <Switch
        on={rule.enabled}
        label={t('builder.top.switch')}
        disabled={!may || change.isPending}
        onChange={(on) => {
          if (!on) setAsking(true);
          else if (rule.live === null || rule.has_draft)
            store.setState({ dialog: 'review', ...revealing(store) });
          else turn(true);
        }}
      />
      {asking && <TurnOff rule={rule} onDone={refresh} onClose={() => setAsking(false)} />}
    </>
  );
}
