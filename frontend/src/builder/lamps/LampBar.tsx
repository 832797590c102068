/** Above the steps: which record the lamps are about; another one can be chosen, or the lamps put out. */
import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconBulb, IconBulbOff, IconHistory } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRoom } from '../context';
import { useBuilder, useBuilderStore } from '../store';
import { showLamps } from './choose';
import classes from './lamps.module.css';
import { RecordChoice } from './RecordChoice';
import { TimeSlider } from './TimeSlider';
import { lookAt } from './useMoments';

export function LampBar() {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { subject } = useRoom();
  const lamps = useBuilder((state) => state.lamps);
  const key = useBuilder((state) => state.testing.key);
  const [history, setHistory] = useState(false);
  const moment = useBuilder((state) => state.testing.moment);
  if (subject.table === '') return null;
  const open = history || moment !== null;
  const walks = lamps && open && key !== null && subject.connectionId !== null;
  const label = t(lamps ? 'lamps.putOut' : 'lamps.light');
  return (
    <section className={classes.barRow} aria-label={t('lamps.bar')} data-lamp-bar>
      <div className={classes.bar}>
        <Tooltip label={label}>
          <ActionIcon
            size={28}
            variant="subtle"
            color={lamps ? 'violet' : 'gray'}
            aria-label={label}
            aria-pressed={lamps}
            onClick={() => {
              showLamps(store, !lamps);
              lookAt(store, null);
            }}
          >
            {lamps ? <IconBulb size={17} /> : <IconBulbOff size={17} />}
          </ActionIcon>
        </Tooltip>
        {lamps ? <RecordChoice /> : <span className={classes.has}>{t('lamps.areOut')}</span>}
        {lamps && key !== null && (
          <Button
            size="compact-sm"
            variant={open ? 'light' : 'subtle'}
            leftSection={<IconHistory size={15} aria-hidden />}
            aria-pressed={open}
            onClick={() => {
              setHistory(!open);
              lookAt(store, null);
            }}
          >
            {t('lamps.history.open')}
          </Button>
        )}
      </div>
      {walks && (
        <TimeSlider
          key={JSON.stringify(key)}
          connectionId={subject.connectionId ?? 0}
          recordKey={key ?? {}}
        />
      )}
      {/* What the signs in the sentence mean, for those who do not see them. */}
      <div hidden>
        {(['true', 'false', 'unknown', 'error'] as const).map((kind) => (
          <span key={kind} id={`lamp-${kind}`}>
            {t(`lamps.whole.${kind}`)}
          </span>
        ))}
      </div>
    </section>
  );
}
