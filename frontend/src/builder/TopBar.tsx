/** The bar on top: where we are, how saving goes, and everything that concerns the whole rule. */
import { ActionIcon, Button, Tooltip } from '@mantine/core';
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
import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../api/session';
import type { Rule } from '../api/types';
import type { StepProblem } from '../model/problems';
import { revealing } from './attend';
import { showBacktest } from './backtest/useBacktesting';
import classes from './builder.module.css';
import { focusCardIfLost } from './cardFocus';
import { useRoom } from './context';
import { OnSwitch } from './OnSwitch';
import { ProblemsMenu } from './ProblemsMenu';
import { Name, nameOf, SaveWords, StatePill } from './RuleHead';
import { ruleOf, useBuilder, useBuilderStore } from './store';
import { ROW_OF_TOOLS, useSqueeze } from './useSqueeze';
import { showTest } from './useTesting';
import { VersionsMenu } from './VersionsMenu';
import { Tool, ViewTools } from './ViewTools';

type WordedProps = {
  readonly label: string;
  /** What stands on the button, where the label is longer. */
  readonly words?: string;
  readonly icon: ReactNode;
  /** Where there is little room: the icon alone, its words in a tooltip. */
  readonly compact: boolean;
  readonly pressed?: boolean;
  readonly onClick: () => void;
};

function Worded({ label, words = label, icon, compact, pressed, onClick }: WordedProps) {
  return (
    <Tooltip label={label} disabled={!compact && words === label}>
      <Button
        variant={pressed ? 'light' : 'default'}
        leftSection={compact ? null : icon}
        px={compact ? 10 : 14}
        aria-label={label}
        {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
        onClick={onClick}
      >
        {compact ? icon : words}
      </Button>
    </Tooltip>
  );
}

type Props = {
  readonly rule: Rule;
  readonly refresh: () => void;
  readonly problems: readonly StepProblem[];
};

export function TopBar({ rule, refresh, problems }: Props) {
  const { t, i18n } = useTranslation();
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
  const save = useBuilder((state) => state.save);
  const name = useBuilder((state) => nameOf(state.history.present));
  // The button goes; whoever pressed it by keyboard goes on at the steps.
  const edit = (): void => {
    const { selected, history } = store.getState();
    store.setState({ editing: true });
    const first = selected ?? ruleOf(history.present)?.trigger.id;
    if (first !== undefined) focusCardIfLost(first);
  };
  const bar = useRef<HTMLElement>(null);
  const says = [i18n.language, name, save, editing, dirty, problems.length, rule.enabled, rule.has_draft];
  const level = useSqueeze(bar, JSON.stringify([...says, rule.live?.version, rule.trigger.on]));
  return (
    <header ref={bar} className={classes.top} data-tools={level >= ROW_OF_TOOLS ? 'apart' : undefined}>
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
      <ViewTools rule={rule} roomy={level < 2} />
      <VersionsMenu ruleId={rule.id} count={rule.versions_count} compact={level >= 2} />
      <span data-tour="test">
        <Worded
          label={t('builder.top.test')}
          icon={<IconPlayerPlay size={16} aria-hidden />}
          compact={level === 3}
          pressed={testing}
          onClick={() => showTest(store, !testing)}
        />
      </span>
      {mayEdit && (
        <span data-try-past>
          <Worded
            label={t('backtest.open')}
            words={t('backtest.openShort')}
            icon={<IconClockPlay size={16} aria-hidden />}
            compact={level >= 1}
            pressed={trying}
            onClick={() => showBacktest(store, !trying)}
          />
        </span>
      )}
      {rule.enabled && rule.trigger.on === 'manual' && mayEdit && (
        <Worded
          label={t('builder.run.now')}
          icon={<IconHandClick size={16} aria-hidden />}
          compact={level >= 3}
          onClick={() => store.setState({ dialog: 'run' })}
        />
      )}
      {!editing && mayEdit && (
        <Button data-edit variant="default" leftSection={<IconPencil size={16} aria-hidden />} onClick={edit}>
          {t('builder.top.edit')}
        </Button>
      )}
      {editing && mayPublish && (rule.live === null || rule.has_draft || dirty) && (
        <Button data-tour="review" onClick={() => store.setState({ dialog: 'review', ...revealing(store) })}>
          {t(rule.enabled ? 'builder.top.publish' : 'builder.top.turnOn')}
        </Button>
      )}
      <OnSwitch rule={rule} refresh={refresh} />
    </header>
  );
}
