/** Makes the room of the open rule: commands, words, tables, saving. Changes only when one of those does. */
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { useConnections } from '../api/connections';
import { nodeIn } from '../canvas/board';
import { titleKey } from '../canvas/face';
import type { CanvasHandle } from '../canvas/RuleCanvas';
import { subjectPlace, useSubjectAt } from '../canvas/useTables';
import { useWords } from '../canvas/words';
import { fixText as fixWords, problemText as foundText } from '../i18n/problemText';
import type { Opened } from '../model/graph';
import type { StepProblem } from '../model/problems';
import { stepWords } from '../model/stepWords';
import { toastUndo } from '../ui/toast';
import { type Autosave, startAutosave } from './autosave';
import { startChecking } from './checking';
import { makeCommands } from './commands';
import type { Room } from './context';
import type { Builder, BuilderStore } from './store';
import { toastRefused } from './toastRefused';
import type { useCarry } from './useCarry';

/** Saves and checks as long as the page is open; null before it began. */
function useAutosave(store: BuilderStore, refresh: () => void): Autosave | null {
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
  return autosave;
}

type Parts = Pick<Room, 'commands' | 'words' | 'subject' | 'problemText'> & { readonly room: Room | null };

/** `room` is null until saving has begun. */
export function useRoomFor(
  store: BuilderStore,
  canvas: RefObject<CanvasHandle | null>,
  carry: ReturnType<typeof useCarry>['grab'],
  refresh: () => void,
): Parts {
  const { t } = useTranslation();
  const autosave = useAutosave(store, refresh);
  const openedNow = useCallback(() => store.getState().history.present, [store]);
  const place = useStore(
    store,
    useShallow((state: Builder) => subjectPlace(state.history.present)),
  );
  const subject = useSubjectAt(place, openedNow);
  const words = useWords(subject.tables);
  const latestWords = useRef(words);
  latestWords.current = words;
  const connections = useConnections();
  const mail = connections.data?.items.find((one) => one.kind === 'smtp')?.name ?? '';
  const sms = connections.data?.items.find((one) => one.kind === 'sms')?.name ?? '';
  const database =
    subject.connection || (connections.data?.items.find((one) => one.kind === 'postgres')?.name ?? '');
  const titleOf = useCallback(
    (now: Opened, id: string): string => {
      const node = nodeIn(now, id);
      return node ? t(`builder.${titleKey(node)}`, { count: 1 }) : '';
    },
    [t],
  );
  const commands = useMemo(
    () =>
      makeCommands({
        store,
        canvas,
        say: (key, values) => t(key, values ?? {}),
        defaults: { mail, sms, connection: database, table: subject.table },
        titleOf,
        wordsOf: (now, id) => {
          const node = nodeIn(now, id);
          return node ? stepWords(node, latestWords.current) : '';
        },
        removed: (undo) => toastUndo(t('builder.removed'), t('builder.undo'), undo),
        refused: toastRefused,
      }),
    [store, canvas, t, mail, sms, database, subject.table, titleOf],
  );
  const problemText = useCallback(
    (problem: StepProblem): string =>
      problem.message === null ? t(`builder.problem.${problem.code}`) : foundText(problem, t),
    [t],
  );
  const room = useMemo<Room | null>(
    () =>
      autosave && {
        commands,
        words,
        subject,
        carry,
        autosave,
        problemText,
        fixText: (problem) => fixWords(problem, t, (path) => words.field(path)),
        stepTitle: (id) => titleOf(openedNow(), id),
        fit: () => canvas.current?.fit(),
        zoom: (factor) => canvas.current?.zoom(factor),
      },
    [autosave, commands, words, subject, carry, problemText, titleOf, openedNow, canvas, t],
  );
  return { commands, words, subject, problemText, room };
}
