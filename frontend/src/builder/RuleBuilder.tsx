/**
 * The open rule: makes the store and the room, and lays out bar, sentence, palette, canvas and panel. It listens to
 * nothing of the store itself: each part hears what it shows, so that typing in a step draws that step anew.
 */
import { VisuallyHidden } from '@mantine/core';
import { lazy, memo, type RefObject, Suspense, useCallback, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Rule } from '../api/types';
import type { CanvasHandle } from '../canvas/RuleCanvas';
import { withWords } from '../i18n';
import { CatchUpNotes } from '../review/CatchUpNote';
import { BacktestPanel } from './backtest/BacktestPanel';
import { showBacktest, useGivesWay } from './backtest/useBacktesting';
import classes from './builder.module.css';
import { ConflictDialog } from './ConflictDialog';
import { focusWhenDrawn } from './cardFocus';
import { RoomProvider } from './context';
import { DriftNote } from './DriftNote';
import { useOrderedProblems, useProblems } from './derived';
import { JsonDialog, RemoveDialog } from './dialogs';
import { HeldNote } from './HeldNote';
import { useMoments } from './lamps/useMoments';
import { useRelatedNow } from './lamps/useRelatedNow';
import { Middle } from './Middle';
import { Palette } from './Palette';
import { Panel } from './Panel';
import { PausedNote } from './PausedNote';
import palette from './palette.module.css';
import { ReviewDialog } from './ReviewDialog';
import { RunDialog } from './RunDialog';
import { SentenceBar } from './SentenceBar';
import { announce, BuilderProvider, useBuilder, useBuilderStore } from './store';
import { TellProgress } from './TellProgress';
import { TopBar } from './TopBar';
import { useArrival } from './useArrival';
import { type BuilderProps, useBuilderFor } from './useBuilderFor';
import { useCarry } from './useCarry';
import { useClipboard } from './useClipboard';
import { useFollow } from './useFollow';
import { useKeyboard } from './useKeyboard';
import { usePaletteFits } from './usePaletteFits';
import { useRoomFor } from './useRoomFor';
import { showTest, useSampleRecord, useTestRuns } from './useTesting';

const WaitingNote = lazy(() => withWords(import('./WaitingNote'), 'timing'));

export function RuleBuilder(props: BuilderProps) {
  const { rule, mayEdit } = props;
  const { t } = useTranslation();
  const store = useBuilderFor(props);
  const canvas = useRef<CanvasHandle>(null);
  const { grab, ghost } = useCarry(store, canvas);
  const latest = useRef(props.refresh);
  latest.current = props.refresh;
  const refresh = useCallback(() => latest.current(), []);
  const { commands, subject, room } = useRoomFor(store, canvas, grab, refresh);
  const reading = useSampleRecord(store, subject, props.record);
  useTestRuns(store, subject, reading);
  useGivesWay(store);
  useFollow(store, refresh);
  useArrival(store, commands, { step: props.step, problem: props.problem, ready: room !== null });
  useMoments(store);
  useRelatedNow(store, subject);
  useClipboard(store, commands);
  useKeyboard(store, commands, {
    test: () => showTest(store, !store.getState().testing.shown),
    past: () => mayEdit && showBacktest(store, !store.getState().backtest.shown),
    save: async () => {
      if ((await room?.autosave.flush()) != null) announce(store, t('builder.save.saved'));
    },
    fit: () => canvas.current?.fit(),
    zoom: (factor) => canvas.current?.zoom(factor),
  });
  if (!room) return null;
  return (
    <BuilderProvider value={store}>
      <RoomProvider value={room}>
        <div className={classes.page} data-builder>
          <SkipToSteps />
          <TellProgress rule={rule} />
          <Top rule={rule} refresh={refresh} />
          <div>
            <SentenceBar />
            <DriftNote rule={rule} />
            <PausedNote rule={rule} refresh={refresh} />
            <HeldNote rule={rule} refresh={refresh} />
            <Suspense fallback={null}>
              <WaitingNote ruleId={rule.id} />
            </Suspense>
            <CatchUpNotes ruleId={rule.id} />
          </div>
          <div className={classes.columns}>
            <PaletteColumn />
            <Middle name={rule.name} handle={canvas} />
            <Side rule={rule} />
          </div>
          <Ghost place={ghost} />
          <Said />
          <Review rule={rule} refresh={refresh} />
          <RunDialog ruleId={rule.id} />
          <ConflictDialog />
          <RemoveDialog />
          <JsonDialog />
        </div>
      </RoomProvider>
    </BuilderProvider>
  );
}

function SkipToSteps() {
  const { t } = useTranslation();
  return (
    <a className="ry-skip" href="#steps">
      {t('help.skipSteps')}
    </a>
  );
}

type OfRule = { readonly rule: Rule; readonly refresh: () => void };

const Top = memo(function Top(props: OfRule) {
  return <TopBar {...props} problems={useOrderedProblems()} />;
});

/** The palette is a column on wide screens; where there is no place for it a button and the + menus stand in. */
function PaletteColumn() {
  const shown = useBuilder((state) => state.paletteOpen && state.editing && !state.backtest.shown);
  return usePaletteFits() && shown ? <Palette /> : <span />;
}

const Side = memo(function Side({ rule }: { rule: Rule }) {
  const problems = useProblems();
  const trying = useBuilder((state) => state.backtest.shown);
  return trying ? <BacktestPanel rule={rule} problems={problems} /> : <Panel problems={problems} />;
});

/** What is carried, beside the pointer. */
function Ghost({ place }: { place: RefObject<HTMLDivElement | null> }) {
  const label = useBuilder((state) => state.drag?.label ?? null);
  if (label === null) return null;
  return (
    <div ref={place} className={palette.ghost}>
      {label}
    </div>
  );
}

function Said() {
  const said = useBuilder((state) => state.said);
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {said}
    </VisuallyHidden>
  );
}

const Review = memo(function Review({ rule, refresh }: OfRule) {
  const store = useBuilderStore();
  const problems = useOrderedProblems();
  return (
    <ReviewDialog
      rule={rule}
      problems={problems}
      onDone={() => {
        store.setState({ editing: false, selected: null });
        refresh();
        focusWhenDrawn('[data-edit]');
      }}
    />
  );
});
