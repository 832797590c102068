/** The open rule: makes the store and the commands, and lays out bar, sentence, palette, canvas and panel. */
import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useConnections } from '../api/connections';
import type { Rule } from '../api/types';
import { badgesOf } from '../canvas/badges';
import type { Badge, Board } from '../canvas/board';
import { nodeIn } from '../canvas/board';
import { titleKey } from '../canvas/face';
import { type CanvasHandle, RuleCanvas } from '../canvas/RuleCanvas';
import { RuleList } from '../canvas/RuleList';
import { useSubject } from '../canvas/useTables';
import { useWords } from '../canvas/words';
import { open } from '../model/graph';
import { isObject } from '../model/json';
import { problemsByStep, type StepProblem } from '../model/problems';
import { AddMenu } from './AddMenu';
import { type Autosave, keptDraft, startAutosave } from './autosave';
import classes from './builder.module.css';
import { CardMenu } from './CardMenu';
import { makeCommands } from './commands';
import { RoomProvider } from './context';
import { ConflictDialog, JsonDialog, KeysDialog, RemoveDialog } from './dialogs';
import { Palette } from './Palette';
import { Panel } from './Panel';
import { ReviewDialog } from './ReviewDialog';
import { RunDialog } from './RunDialog';
import { SentenceBar } from './SentenceBar';
import { BuilderProvider, type BuilderStore, createBuilder, put, ruleOf } from './store';
import { TopBar } from './TopBar';
import { useCarry } from './useCarry';
import { useKeyboard } from './useKeyboard';
import { showTest, useSampleRecord, useTestRuns } from './useTesting';

const NO_PROBLEMS: ReadonlyMap<string, readonly StepProblem[]> = new Map();
const NO_BADGES: ReadonlyMap<string, Badge> = new Map();

type Props = {
  readonly rule: Rule;
  readonly mayEdit: boolean;
  readonly step: string | null;
  /** The record to test with, by its key. */
  readonly record: string | null;
  readonly refresh: () => void;
};

function useBuilderFor({ rule, mayEdit, step }: Props): BuilderStore {
  const small = useMediaQuery('(max-width: 768px)', window.innerWidth <= 768);
  const [store] = useState(() => {
    const found = rule.problems.map((one) => ({ ...one, args: isObject(one.args) ? one.args : {} }));
    const saved: unknown = rule.draft.document;
    const made = createBuilder({
      ruleId: rule.id,
      document: isObject(saved) ? saved : {},
      etag: rule.draft.etag,
      found,
      // A rule that is on is only looked at until somebody presses Edit.
      editing: mayEdit && (!rule.enabled || rule.has_draft),
      selected: step,
      view: small ? 'list' : 'canvas',
    });
    const kept = keptDraft(rule.id, rule.draft.etag);
    if (kept && mayEdit) put(made, open(kept));
    return made;
  });
  return store;
}

export function RuleBuilder(props: Props) {
  const { rule, refresh } = props;
  const { t } = useTranslation();
  const store = useBuilderFor(props);
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
    return made.stop;
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
        removed: (undo) => {
          const id = notifications.show({
            message: (
              <span style={{ display: 'flex', alignItems: 'center', gap: 12 }}>
                {t('builder.removed')}
                <Button
                  size="compact-sm"
                  variant="light"
                  onClick={() => {
                    undo();
                    notifications.hide(id);
                  }}
                >
                  {t('builder.undo')}
                </Button>
              </span>
            ),
            autoClose: 8_000,
            closeButtonProps: { 'aria-label': t('ui.close') },
          });
        },
      }),
    [store, t, mail, database],
  );

  const tree = ruleOf(opened);
  const problems = useMemo(
    () => (tree ? problemsByStep(tree, state.found, state.checked) : NO_PROBLEMS),
    [tree, state.found, state.checked],
  );
  useSampleRecord(store, subject, props.record);
  useTestRuns(store, subject);

  const problemText = useMemo(
    () => (problem: StepProblem) =>
      t(`builder.problem.${problem.code}`, {
        ...problem.args,
        defaultValue: problem.message ?? problem.code,
      }),
    [t],
  );
  const flush = autosave?.flush;
  useKeyboard(store, commands, {
    test: () => showTest(store, !store.getState().testing.shown),
    save: () => void flush?.(),
    fit: () => canvas.current?.fit(),
    zoom: (factor) => canvas.current?.zoom(factor),
  });

  const { grab } = carry;
  const handlers = useMemo<Board['handlers']>(
    () => ({
      select: commands.select,
      openMenu: (slot) => store.setState({ menuAt: slot }),
      grab: (id, event) => {
        const now = ruleOf(store.getState().history.present);
        if (!now || id === now.trigger.id) return;
        const node = nodeIn(now, id);
        grab(event, {
          label: node ? t(`builder.${titleKey(node)}`, { count: 1 }) : id,
          carried: id,
          drop: (slot) => commands.move(id, slot),
        });
      },
      addMenu: (slot, close) => <AddMenu slot={slot} close={close} />,
      cardMenu: (id) => <CardMenu id={id} commands={commands} />,
      problemText,
    }),
    [commands, store, grab, t, problemText],
  );

  const result = state.painting ? state.testing.result : null;
  const badges = useMemo(
    () =>
      result && state.painting
        ? badgesOf(result.trace.steps, state.painting, {
            say: (key, values) => t(key, values ?? {}),
            time: (instant) => instant,
            duration: String,
            timed: false,
          })
        : NO_BADGES,
    [result, state.painting, t],
  );

  if (!autosave) return null;
  const board: Board = {
    opened,
    words,
    selected: state.selected,
    problems,
    painting: state.painting,
    badges,
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
          fit: () => canvas.current?.fit(),
          zoom: (factor) => canvas.current?.zoom(factor),
        }}
      >
        <div className={classes.page} data-builder>
          <TopBar rule={rule} refresh={refresh} />
          <SentenceBar />
          <div className={classes.columns}>
            <PaletteColumn open={state.paletteOpen && state.editing} />
            <div className={classes.middle} id="steps">
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
            <Panel problems={problems} />
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
            problems={problems}
            onDone={() => {
              store.setState({ editing: false, selected: null });
              refresh();
            }}
          />
          <RunDialog ruleId={rule.id} />
          <ConflictDialog />
          <RemoveDialog />
          <KeysDialog />
          <JsonDialog />
        </div>
      </RoomProvider>
    </BuilderProvider>
  );
}

/** The palette is a column on wide screens; on narrow ones the + menus take its place. */
function PaletteColumn({ open: shown }: { open: boolean }) {
  const wide = useMediaQuery('(min-width: 993px)', window.innerWidth > 992);
  return wide && shown ? <Palette /> : <span />;
}
