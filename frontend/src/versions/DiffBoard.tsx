/** The newer version drawn, with New, Changed, Moved and Removed on its cards; a list where there is little room. */
import { useMediaQuery } from '@mantine/hooks';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type Badge, toLookAt } from '../canvas/board';
import { RuleCanvas } from '../canvas/RuleCanvas';
import { RuleList } from '../canvas/RuleList';
import type { Mark, StepChange } from '../model/changes';
import type { Sides } from './useSides';
import classes from './versions.module.css';

const TONES: Readonly<Record<Mark, Badge['tone']>> = {
  new: 'good',
  changed: 'still',
  removed: 'bad',
  moved: 'busy',
};

type Props = {
  readonly sides: Sides;
  readonly changes: readonly StepChange[];
  readonly selected: string | null;
  readonly onSelect: (step: string) => void;
};

export function DiffBoard({ sides, changes, selected, onSelect }: Props) {
  const { t } = useTranslation();
  const narrow = useMediaQuery('(max-width: 992px)', window.innerWidth <= 992);
  const { merged, told } = sides;
  const badges = useMemo(() => {
    const marks = new Map<string, Mark>(changes.map((one) => [one.step, one.mark]));
    for (const ghost of merged.ghosts) marks.set(ghost, 'removed');
    return new Map(
      [...marks].map(([step, mark]): [string, Badge] => [
        step,
        { text: t(`versions.mark.${mark}`), tone: TONES[mark], mark },
      ]),
    );
  }, [changes, merged.ghosts, t]);
  const look = useMemo(() => toLookAt(onSelect), [onSelect]);
  const board = {
    ...look,
    opened: merged.opened,
    words: told.words,
    selected,
    painting: null,
    badges,
    label: t('versions.canvas', { old: sides.oldName, now: sides.nowName }),
  };
  if (narrow && merged.opened.kind === 'rule')
    return (
      <div className={classes.asList}>
        <RuleList {...board} rule={merged.opened} />
      </div>
    );
  return <RuleCanvas {...board} />;
}
