/** Why a rule did, or did not, run for one change: the same canvas and story, over an explanation. */
import { Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { open } from '../model/graph';
import { isObject } from '../model/json';
import { Pill } from '../ui/Pill';
import classes from './canvas.module.css';
import type { EventLike } from './story';
import { TraceCanvas } from './TraceCanvas';
import { TraceStory } from './TraceStory';
import type { StoryTrace } from './traceTypes';
import { useSubject } from './useTables';
import { useWords } from './words';

type Explanation = {
  readonly fired: boolean;
  readonly reason_code: string;
  /** In English: stands in for a code that this release does not know yet. */
  readonly reason: string;
  readonly trace: StoryTrace;
};

type Props = {
  readonly document: unknown;
  readonly explanation: Explanation;
  readonly event: EventLike | null;
};

export function WhyNot({ document, explanation, event }: Props) {
  const { t } = useTranslation();
  const opened = useMemo(() => open(isObject(document) ? document : {}), [document]);
  const subject = useSubject(opened);
  const words = useWords(subject.tables);
  const [selected, setSelected] = useState<string | null>(null);
  return (
    <div className={classes.why}>
      <div className={classes.whyCanvas}>
        <TraceCanvas
          opened={opened}
          words={words}
          trace={explanation.trace}
          selected={selected}
          onSelect={setSelected}
          label={t('runDetail.canvas')}
          timed={false}
        />
      </div>
      <div className={classes.whyStory}>
        <Pill tone={explanation.fired ? 'good' : 'still'}>
          {t(explanation.fired ? 'runDetail.why.ran' : 'runDetail.why.didNot')}
        </Pill>
        <Text size="sm" my="sm">
          {t(`runDetail.why.reason.${explanation.reason_code}`, { defaultValue: explanation.reason })}
        </Text>
        <TraceStory
          opened={opened}
          trace={explanation.trace}
          event={event}
          attempts={{}}
          words={words}
          selected={selected}
          onSelect={setSelected}
        />
      </div>
    </div>
  );
}
