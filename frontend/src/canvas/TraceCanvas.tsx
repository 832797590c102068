/** A rule with a trace painted on it, only to look at: a run, or why a rule did not run. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Opened } from '../model/graph';
import { paint, type TraceLike } from '../model/paint';
import type { Words } from '../model/wording';
import { momentText } from '../ui/clock';
import { useLocale } from '../ui/locale';
import { duration, untilTime } from '../ui/time';
import { badgesOf, type TimedStep } from './badges';
import { nodeIn, toLookAt } from './board';
import { branchName } from './branchName';
import { RuleCanvas } from './RuleCanvas';

type Props = {
  readonly opened: Opened;
  readonly words: Words;
  readonly trace: { readonly outcome: TraceLike['outcome']; readonly steps: readonly TimedStep[] };
  readonly selected: string | null;
  readonly onSelect: (id: string) => void;
  readonly label: string;
  /** An explanation happens now; a run had its own times. */
  readonly timed: boolean;
};

export function TraceCanvas({ opened, words, trace, selected, onSelect, label, timed }: Props) {
  const { t } = useTranslation();
  const locale = useLocale();
  const painting = useMemo(() => paint(opened, trace), [opened, trace]);
  const badges = useMemo(
    () =>
      badgesOf(trace.steps, painting, {
        say: (key, values) => t(key, values ?? {}),
        time: (instant) => momentText(instant, 'second', locale),
        until: (instant) => untilTime(new Date(instant), new Date(), locale),
        duration: (ms) => duration(ms, locale),
        timed,
        branch: (node, branch) => branchName(nodeIn(opened, node), branch, t),
      }),
    [trace.steps, painting, t, locale, timed, opened],
  );
  const look = useMemo(() => toLookAt(onSelect), [onSelect]);
  return (
    <RuleCanvas
      opened={opened}
      words={words}
      selected={selected}
      painting={painting}
      badges={badges}
      label={label}
      purpose="looking"
      {...look}
    />
  );
}
