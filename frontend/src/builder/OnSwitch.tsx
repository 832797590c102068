/** The switch of the open rule: on asks for a review, off where records wait in it. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../api/session';
import type { Rule } from '../api/types';
import { Switch } from '../ui/Switch';
import { TurnOff } from '../ui/TurnOff';
import { revealing } from './attend';
import { useBuilderStore } from './store';

export function OnSwitch({ rule, refresh }: { rule: Rule; refresh: () => void }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const may = useMay('publisher');
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Switch
        on={rule.enabled}
        label={t('builder.top.switch')}
        disabled={!may}
        onChange={(on) => {
          if (!on) setAsking(true);
          else store.setState({ dialog: 'review', ...revealing(store) });
        }}
      />
      {asking && <TurnOff rule={rule} onDone={refresh} onClose={() => setAsking(false)} />}
    </>
  );
}
