/** One step as a card: bar, icon, kicker, title, two lines of text; red and with a reason while something is missing. */
import { VisuallyHidden } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconClock, IconQuestionMark, IconX } from '@tabler/icons-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import type { StepProblem } from '../model/problems';
import { isOff } from '../model/switched';
import { type Badge, type Board, type CardLight, nodeIn, useBoard } from './board';
import classes from './card.module.css';
import { faceOf, StepIcon } from './face';
import { NoteMark, OffPill } from './marks';

const NONE: readonly StepProblem[] = [];

function BadgePill({ badge }: { badge: Badge }) {
  const Icon = badge.mark
    ? null
    : badge.tone === 'good'
      ? IconCheck
      : badge.tone === 'bad'
        ? IconX
        : badge.tone === 'busy'
          ? IconClock
          : null;
  return (
    <span className={classes.badge} data-tone={badge.tone} data-mark={badge.mark}>
      {Icon && <Icon size={13} stroke={2.25} aria-hidden />}
      {badge.text}
    </span>
  );
}

const LIGHTS = {
  true: IconCheck,
  false: IconX,
  unknown: IconQuestionMark,
  error: IconAlertTriangle,
} as const;

/** Each part is listened to by its value, so that a card is drawn anew only when its own lamp changes. */
function LightPill({ id }: { id: string }) {
  const truth = useBoard((board): CardLight['truth'] | null => board.lights?.get(id)?.truth ?? null);
  const word = useBoard((board) => board.lights?.get(id)?.word ?? '');
  const why = useBoard((board) => board.lights?.get(id)?.why ?? '');
  if (truth === null) return null;
  const Icon = LIGHTS[truth];
  return (
    <span className={classes.light} data-light={truth} title={why === '' ? undefined : why}>
      <Icon size={12} stroke={2.75} aria-hidden />
      {word}
      {why !== '' && <VisuallyHidden> {why}</VisuallyHidden>}
    </span>
  );
}

export const StepCard = memo(function StepCard({ id, list = false }: { id: string; list?: boolean }) {
  const { t } = useTranslation();
  const { node, words, selected, problems, paint, badge, carried, handlers, editable } = useBoard(
    useShallow((board: Board) => ({
      node: nodeIn(board.opened, id),
      words: board.words,
      selected: board.selected === id,
      problems: board.problems.get(id) ?? NONE,
      paint: board.painting?.steps.get(id) ?? null,
      badge: board.badges.get(id),
      carried: board.drag?.carried === id,
      handlers: board.handlers,
      editable: board.editable,
    })),
  );
  if (!node) return null;
  const face = faceOf(node, words, (key, values) => t(key, values ?? {}));
  const problem = paint ? undefined : problems.find((one) => one.severity === 'error');
  const text = problem ? handlers.problemText(problem) : face.text;
  const warning = paint ? undefined : problems.find((one) => one.severity === 'warning');
  return (
    <div
      className={classes.card}
      data-card={id}
      data-tone={face.tone}
      data-selected={selected || undefined}
      data-problem={problem ? true : undefined}
      data-paint={paint ?? undefined}
      data-mark={badge?.mark}
      data-carried={carried || undefined}
      data-list={list || undefined}
      data-off={isOff(node) || undefined}
      title={text}
      onPointerDown={editable ? (event) => handlers.grab(id, event) : undefined}
    >
      <span className={classes.bar} />
      <span className={classes.tile}>
        <StepIcon node={node} size={22} />
      </span>
      <span className={classes.body}>
        <span className={classes.kicker}>
          {face.kicker}
          <NoteMark node={node} />
          {warning && (
            <span
              className={classes.caution}
              role="img"
              aria-label={handlers.problemText(warning)}
              title={handlers.problemText(warning)}
            >
              <IconAlertTriangle size={14} aria-hidden />
            </span>
          )}
        </span>
        <button
          type="button"
          className={classes.title}
          onClick={() => handlers.select(id)}
          aria-pressed={selected}
          aria-describedby={`off-${id} text-${id} note-${id}`}
        >
          {face.title}
        </button>
        <span className={classes.text} id={`text-${id}`}>
          {problem ? (
            <span className={classes.reason}>
              <IconAlertTriangle size={14} aria-hidden /> {text}
            </span>
          ) : (
            text
          )}
        </span>
      </span>
      {badge ? <BadgePill badge={badge} /> : isOff(node) ? <OffPill id={id} /> : <LightPill id={id} />}
      {editable && <span className={classes.menu}>{handlers.cardMenu(id)}</span>}
    </div>
  );
});
