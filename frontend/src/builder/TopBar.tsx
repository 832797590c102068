/** The bar on top: where we are, how saving goes, and everything that concerns the whole rule. */
import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconArrowLeft,
  IconClockPlay,
  IconHandClick,
  IconPencil,
  IconPlayerPlay,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '../api/session';
import type { Rule } from '../api/types';
import type { StepProblem } from '../model/problems';
import { revealing } from './attend';
import { showBacktest } from './backtest/useBacktesting';
import classes from './builder.module.css';
import { useRoom } from './context';
import { OnSwitch } from './OnSwitch';
import { ProblemsMenu } from './ProblemsMenu';
import { Name, SaveWords, StatePill } from './RuleHead';
import { useBuilder, useBuilderStore } from './store';
import { showTest } from './useTesting';
import { VersionsMenu } from './VersionsMenu';
import { Tool, ViewTools } from './ViewTools';

type Props = {
  readonly rule: Rule;
  readonly refresh: () => void;
  readonly problems: readonly StepProblem[];
};

export function TopBar({ rule, refresh, problems }: Props) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { commands } = useRoom();
  const mayEdit = useMay('editor');
  const mayPublish = useMay('publisher');
  const editing = useBuilder((state) => state.editing);
  const testing = useBuilder((state) => state.testing.shown);
  const trying = useBuilder((state) => state.backtest.shown);
  const dirty = useBuilder((state) => state.history.present !== state.saved);
  const past = useBuilder((state) => state.history.past.length > 0);
  const future = useBuilder((state) => state.history.future.length > 0);
  const roomy = useMediaQuery('(min-width: 1366px)') ?? true;
  const wide = useMediaQuery('(min-width: 1440px)') ?? false;
  return (
    <header className={classes.top}>
      <Tooltip label={t('builder.top.back')}>
        <ActionIcon component={Link} to="/rules" aria-label={t('builder.top.back')}>
          <IconArrowLeft size={18} />
        </ActionIcon>
      </Tooltip>
      <Name />
      <StatePill rule={rule} />
      {editing && <SaveWords />}
      <ProblemsMenu problems={problems} />
      <span className={classes.spacer} />
      {editing && (
        <>
          <Tool label={t('builder.top.undo')} disabled={!past} onClick={commands.undo}>
            <IconArrowBackUp size={18} />
          </Tool>
          <Tool label={t('builder.top.redo')} disabled={!future} onClick={commands.redo}>
            <IconArrowForwardUp size={18} />
          </Tool>
        </>
      )}
      <ViewTools rule={rule} roomy={roomy} />
      <VersionsMenu ruleId={rule.id} count={rule.versions_count} compact={!roomy} />
      <Button
        variant={testing ? 'light' : 'default'}
        leftSection={<IconPlayerPlay size={16} aria-hidden />}
        aria-pressed={testing}
        onClick={() => showTest(store, !testing)}
      >
        {t('builder.top.test')}
      </Button>
      {mayEdit && (
        <Tooltip label={t('backtest.open')} disabled={wide}>
          <Button
            variant={trying ? 'light' : 'default'}
            leftSection={wide && <IconClockPlay size={16} aria-hidden />}
            px={wide ? 14 : 10}
            aria-label={t('backtest.open')}
            aria-pressed={trying}
            data-try-past
            onClick={() => showBacktest(store, !trying)}
          >
            {wide ? t('backtest.openShort') : <IconClockPlay size={18} aria-hidden />}
          </Button>
        </Tooltip>
      )}
      {rule.enabled && rule.trigger.on === 'manual' && mayEdit && (
        <Button
          variant="default"
          leftSection={<IconHandClick size={16} aria-hidden />}
          onClick={() => store.setState({ dialog: 'run' })}
        >
          {t('builder.run.now')}
        </Button>
      )}
      {!editing && mayEdit && (
        <Button
          variant="default"
          leftSection={<IconPencil size={16} aria-hidden />}
          onClick={() => store.setState({ editing: true })}
        >
          {t('builder.top.edit')}
        </Button>
      )}
      {editing && mayPublish && (rule.live === null || rule.has_draft || dirty) && (
        <Button onClick={() => store.setState({ dialog: 'review', ...revealing(store) })}>
          {t(rule.enabled ? 'builder.top.publish' : 'builder.top.turnOn')}
        </Button>
      )}
      <OnSwitch rule={rule} refresh={refresh} />
    </header>
  );
}
