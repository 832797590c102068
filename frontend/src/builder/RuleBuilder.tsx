/** The open rule: makes the store and the commands, and lays out bar, sentence, palette, canvas and panel. */
import { useMediaQuery } from '@mantine/hooks';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useConnections } from '../api/connections';
import { badgesOf } from '../canvas/badges';
import type { Badge, Board } from '../canvas/board';
import { nodeIn } from '../canvas/board';
import { titleKey } from '../canvas/face';
import { type CanvasHandle, RuleCanvas } from '../canvas/RuleCanvas';
import { RuleList } from '../canvas/RuleList';
import { useSubject } from '../canvas/useTables';
import { useWords } from '../canvas/words';
import { fixText as fixWords, problemText as foundText } from '../i18n/problemText';
import { inReadingOrder, problemsByStep, type StepProblem } from '../model/problems';
import { AddDrawer } from './AddDrawer';
import { type Autosave, startAutosave } from './autosave';
import { BacktestPanel } from './backtest/BacktestPanel';
import { showBacktest, useGivesWay } from './backtest/useBacktesting';
import classes from './builder.module.css';
import { startChecking } from './checking';
import { makeCommands } from './commands';
import { RoomProvider } from './context';
import { DriftNote } from './DriftNote';
import { ConflictDialog, JsonDialog, RemoveDialog } from './dialogs';
import { HeldNote } from './HeldNote';
import { LampBar } from './lamps/LampBar';
import { useLights } from './lamps/useLights';
import { useMoments } from './lamps/useMoments';
import { useRelatedNow } from './lamps/useRelatedNow';
import { Palette } from './Palette';
import { Panel } from './Panel';
import { PausedNote } from './PausedNote';
import { ReviewDialog } from './ReviewDialog';
import { RunDialog } from './RunDialog';
import { SentenceBar } from './SentenceBar';
import { BuilderProvider, ruleOf } from './store';
import { TopBar } from './TopBar';
import { toastRemoved } from './toastRemoved';
import { type BuilderProps, useBuilderFor } from './useBuilderFor';
import { useCarry } from './useCarry';
import { useHandlers } from './useHandlers';
import { useKeyboard } from './useKeyboard';
import { showTest, useSampleRecord, useTestRuns } from './useTesting';

const NO_BADGES: ReadonlyMap<string, Badge> = new Map();

export function RuleBuilder(props: BuilderProps) {
  const { rule, refresh } = props;
  const { t } = useTranslation();
  const store = useBuilderFor(props);
  const wide = useMediaQuery('(min-width: 993px)', window.innerWidth > 992) ?? true;
  const canvas = useRef<CanvasHandle>(null);
  const state = useStore(store);
  const opened = state.history.present;
  const subject = useSubject(opened);
  const words = useWords(subject.tables);
  const connections = useConnections();
  const carry = useCarry(store, canvas);

  const latest = useRef(refresh);
  latest.current = refresh;
  const [autosave, setAutosave] = useState<Autosave | null>(null);
  useEffect(() => {
    const made = startAutosave(store, () => latest.current());
    setAutosave(made);
    const stopChecking = startChecking(store);
    return () => {
      stopChecking();
      made.stop();
    };
  }, [store]);

  const mail = connections.data?.items.find((one) => one.kind === 'smtp')?.name ?? '';
  const database =
    subject.connection || (connections.data?.items.find((one) => one.kind === 'postgres')?.name ?? '');
  const commands = useMemo(
    () =>
      makeCommands({
        store,
        canvas,
        say: (key, values) => t(key, values ?? {}),
        defaults: { mail, connection: database },
        titleOf: (now, id) => {
          const node = nodeIn(now, id);
          return node ? t(`builder.${titleKey(node)}`, { count: 1 }) : '';
        },
        removed: toastRemoved,
      }),
    [store, t, mail, database],
  );

  const tree = ruleOf(opened);
  const problems = useMemo(
    () => problemsByStep(opened, state.found, state.checked),
    [opened, state.found, state.checked],
  );
  useSampleRecord(store, subject, props.record);
  useTestRuns(store, subject);
  useGivesWay(store);
  useMoments(store);
  useRelatedNow(store, subject);

  const problemText = useMemo(
    () => (problem: StepProblem) =>
      problem.message === null ? t(`builder.problem.${problem.code}`) : foundText(problem, t),
    [t],
  );
  const fixText = useMemo(
    () => (problem: StepProblem) => fixWords(problem, t, (path) => words.field(path)),
    [t, words],
  );
  const stepTitle = (id: string): string => {
    const node = nodeIn(opened, id);
    return node ? t(`builder.${titleKey(node)}`, { count: 1 }) : '';
  };
  const ordered = useMemo(() => inReadingOrder(opened, problems), [opened, problems]);
  const flush = autosave?.flush;
  useKeyboard(store, commands, {
    test: () => showTest(store, !store.getState().testing.shown),
    past: () => props.mayEdit && showBacktest(store, !store.getState().backtest.shown),
    save: () => void flush?.(),
    fit: () => canvas.current?.fit(),
    zoom: (factor) => canvas.current?.zoom(factor),
  });

  const { grab } = carry;
  const handlers = useHandlers(store, commands, grab, problemText);

  const trace = state.painting
    ? (state.walked ?? (state.backtest.match ?? state.testing.result)?.trace)
    : null;
  const badges = useMemo(
    () =>
      trace && state.painting
        ? badgesOf(trace.steps, state.painting, {
            say: (key, values) => t(key, values ?? {}),
            time: (instant) => instant,
            duration: String,
            timed: false,
          })
        : NO_BADGES,
    [trace, state.painting, t],
  );

  const lights = useLights(opened, state.testing, state.lamps, words);

  if (!autosave) return null;
  const board: Board = {
    opened,
    words,
    selected: state.selected,
    problems,
    painting: state.painting,
    badges,
    lights,
    drag: state.drag,
    menuAt: state.menuAt,
    editable: state.editing && tree !== null,
    handlers,
  };
  return (
    <BuilderProvider value={store}>
      <RoomProvider
        value={{
          commands,
          words,
          subject,
          carry: grab,
          autosave,
          problemText,
          fixText,
          stepTitle,
          fit: () => canvas.current?.fit(),
          zoom: (factor) => canvas.current?.zoom(factor),
        }}
      >
        <div className={classes.page} data-builder>
          <TopBar rule={rule} refresh={refresh} problems={ordered} />
          <div>
            <SentenceBar />
            <DriftNote rule={rule} />
            <PausedNote rule={rule} refresh={refresh} />
            <HeldNote rule={rule} refresh={refresh} />
          </div>
          <div className={classes.columns}>
            {wide && state.paletteOpen && state.editing && !state.backtest.shown ? <Palette /> : <span />}
            <div className={classes.middle} id="steps">
              <LampBar />
              <div className={classes.drawing}>
                {state.view === 'list' && tree ? (
                  <div className={classes.listView}>
                    <RuleList {...board} rule={tree} label={t('builder.canvas.label', { name: rule.name })} />
                  </div>
                ) : (
                  <RuleCanvas
                    {...board}
                    handle={canvas}
                    label={t('builder.canvas.label', { name: rule.name })}
                  />
                )}
              </div>
              {!wide && <AddDrawer />}
            </div>
            {state.backtest.shown ? (
              <BacktestPanel rule={rule} problems={problems} />
            ) : (
              <Panel problems={problems} />
            )}
          </div>
          {state.drag && (
            <div ref={carry.ghost} className={classes.ghost}>
              {state.drag.label}
            </div>
          )}
          <div className={classes.said} role="status" aria-live="polite">
            {state.said}
          </div>
          <ReviewDialog
            rule={rule}
            problems={ordered}
            onDone={() => {
              store.setState({ editing: false, selected: null });
              refresh();
            }}
          />
          <RunDialog ruleId={rule.id} />
          <ConflictDialog />
          <RemoveDialog />
          <JsonDialog />
        </div>
      </RoomProvider>
    </BuilderProvider>
  );
}
