/** The steps of the open rule, as a drawing or as a list, with what lies over them: problems, lamps, a painted test. */
import { memo, type RefObject, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { badgesOf } from '../canvas/badges';
import type { Badge, Board } from '../canvas/board';
import { nodeIn } from '../canvas/board';
import { branchName } from '../canvas/branchName';
import { type CanvasHandle, RuleCanvas } from '../canvas/RuleCanvas';
import { AddDrawer } from './AddDrawer';
import { BuilderList } from './BuilderList';
import classes from './builder.module.css';
import { useRoom } from './context';
import { useProblems } from './derived';
import { LampBar } from './lamps/LampBar';
import { useLights } from './lamps/useLights';
import { type Builder, hasEditableSteps, useBuilder, useBuilderStore, useOpened } from './store';
import { useHandlers } from './useHandlers';
import { usePaletteFits } from './usePaletteFits';

const NO_BADGES: ReadonlyMap<string, Badge> = new Map();

/** The trace that is painted, null where none is. */
function traceOf({ painting, walked, backtest, testing }: Builder) {
  return painting ? (walked ?? (backtest.match ?? testing.result)?.trace ?? null) : null;
}

function useBadges(): ReadonlyMap<string, Badge> {
  const { t } = useTranslation();
  const trace = useBuilder(traceOf);
  const painting = useBuilder((state) => state.painting);
  const opened = useOpened();
  return useMemo(
    () =>
      trace && painting
        ? badgesOf(trace.steps, painting, {
            say: (key, values) => t(key, values ?? {}),
            until: (instant) => instant,
            time: (instant) => instant,
            duration: String,
            timed: false,
            branch: (node, branch) => branchName(nodeIn(opened, node), branch, t),
          })
        : NO_BADGES,
    [trace, painting, t, opened],
  );
}

function useBoardNow(): Board {
  const store = useBuilderStore();
  const { words, commands, carry, problemText } = useRoom();
  const opened = useOpened();
  const problems = useProblems();
  const selected = useBuilder((state) => state.selected);
  const painting = useBuilder((state) => state.painting);
  const drag = useBuilder((state) => state.drag);
  const menuAt = useBuilder((state) => state.menuAt);
  const editing = useBuilder((state) => state.editing);
  const testing = useBuilder((state) => state.testing);
  const lamps = useBuilder((state) => state.lamps);
  const badges = useBadges();
  const lights = useLights(opened, testing, lamps, words);
  const handlers = useHandlers(store, commands, carry, problemText);
  const editable = editing && hasEditableSteps(opened);
  return { opened, words, selected, problems, painting, badges, lights, drag, menuAt, editable, handlers };
}

type Props = { readonly name: string; readonly handle: RefObject<CanvasHandle | null> };

export const Middle = memo(function Middle({ name, handle }: Props) {
  const { t } = useTranslation();
  const board = useBoardNow();
  const view = useBuilder((state) => state.view);
  const fits = usePaletteFits();
  const label = t('builder.canvas.label', { name });
  return (
    <div className={classes.middle} id="steps" tabIndex={-1}>
      <LampBar />
      <div className={classes.drawing}>
        {view === 'list' ? (
          <div className={classes.listView}>
            <BuilderList {...board} label={label} />
          </div>
        ) : (
          <RuleCanvas {...board} handle={handle} label={label} />
        )}
      </div>
      {!fits && <AddDrawer />}
    </div>
  );
});
