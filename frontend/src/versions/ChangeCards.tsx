/** What changed, in words: a card per step, old struck through; choosing one shows the step on the drawing. */
import { Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConditionVerdict } from '../api/types';
import { branchName } from '../canvas/branchName';
import type { Mark, StepChange } from '../model/changes';
import { nodesOf } from '../model/graph';
import { ChangeLines } from '../review/ChangeLines';
import { Pill, type Tone } from '../ui/Pill';
import type { Sides } from './useSides';
import { ConditionNote } from './VerdictNote';
import classes from './versions.module.css';

const TONES: Readonly<Record<Mark, Tone>> = { new: 'good', changed: 'warn', removed: 'bad', moved: 'busy' };

type Props = {
  readonly changes: readonly StepChange[];
  readonly conditions: readonly ConditionVerdict[];
  readonly sides: Sides;
  readonly selected: string | null;
  readonly onSelect: (step: string) => void;
};

export function ChangeCards({ changes, conditions, sides, selected, onSelect }: Props) {
  const { t } = useTranslation();
  const nodes = new Map([...nodesOf(sides.old), ...nodesOf(sides.now)].map((node) => [node.id, node]));
  const chosen = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (selected !== null) chosen.current?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  return (
    <ul className={classes.changes}>
      {changes.map((change) => {
        const node = nodes.get(change.step);
        const title = node ? sides.told.title(node) : t('versions.wholeRule');
        const isChosen = selected === change.step && change.step !== '';
        const verdicts = conditions.filter((one) => one.node === change.step);
        return (
          <li
            key={change.step}
            ref={isChosen ? chosen : null}
            className={classes.change}
            data-change={change.step}
            data-selected={isChosen || undefined}
          >
            <div className={classes.changeHead}>
              <Pill tone={TONES[change.mark]}>{t(`versions.mark.${change.mark}`)}</Pill>
              {node ? (
                <button
                  type="button"
                  className={classes.changeTitle}
                  aria-pressed={isChosen}
                  onClick={() => onSelect(change.step)}
                >
                  {title}
                </button>
              ) : (
                <span className={classes.changeTitle}>{title}</span>
              )}
            </div>
            <ChangeLines lines={change.lines} />
            {verdicts.map((verdict) => (
              <div key={verdict.way ?? ''}>
                {verdict.way && (
                  <Text size="xs" fw={600} mt={6}>
                    {t('versions.ways.way', { way: branchName(node, verdict.way, t) })}
                  </Text>
                )}
                <ConditionNote verdict={verdict} sides={sides} />
              </div>
            ))}
          </li>
        );
      })}
    </ul>
  );
}
