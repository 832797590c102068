/**
 * The first-rule tour: offered once where there is demo data, then a short list that ticks itself while somebody
 * really makes a rule. It has a strip of the frame for itself and lies over nothing; Escape in it ends it.
 */
import { ActionIcon, Button, Text } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconMap2, IconX } from '@tabler/icons-react';
import { type ReactNode, type RefObject, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePhone } from '../ui/usePhone';
import { Going } from './Going';
import { BEGUN, nextStep, OVER, STEPS, type Step } from './steps';
import classes from './tour.module.css';
import type { TourState } from './useTour';

export default function Tour({ tour }: { tour: TourState }) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  const phone = usePhone();
  // Beside an open rule and on a phone there is little room: only what is next, until somebody asks for more.
  const [wanted, setWanted] = useState<boolean | null>(null);
  const folded = wanted ?? (tour.now !== null || phone);
  const { kept, keep } = tour;
  if (kept?.state === 'over') return null;
  if (kept === null) {
    return (
      <Card heading={heading} title={t('tour.offer.title')} onEnd={() => keep(OVER)}>
        <Text size="sm" className={`${classes.hint} ${classes.offer}`}>
          {t('tour.offer.body')}
        </Text>
        <div className={classes.buttons}>
          <Button
            size="sm"
            onClick={() => {
              keep(BEGUN);
              heading.current?.focus();
            }}
          >
            {t('tour.offer.start')}
          </Button>
          <Button size="sm" variant="default" onClick={() => keep(OVER)}>
            {t('tour.offer.later')}
          </Button>
        </div>
      </Card>
    );
  }
  return (
    <Card
      heading={heading}
      next={nextStep(kept.done)}
      title={t('tour.title')}
      onEnd={() => keep(OVER)}
      count={
        <Text size="xs" c="dimmed" component="span">
          {t('tour.count', { done: kept.done.length, all: STEPS.length })}
        </Text>
      }
      tools={
        <ActionIcon
          size="md"
          aria-label={t(folded ? 'tour.unfold' : 'tour.fold')}
          aria-expanded={!folded}
          onClick={() => setWanted(!folded)}
        >
          {folded ? <IconChevronUp size={17} /> : <IconChevronDown size={17} />}
        </ActionIcon>
      }
    >
      <Going tour={tour} kept={kept} folded={folded} />
    </Card>
  );
}

interface CardProps {
  heading: RefObject<HTMLHeadingElement | null>;
  /** The step that is next; none in the offer and at the end. */
  next?: Step | null;
  title: string;
  count?: ReactNode;
  tools?: ReactNode;
  onEnd: () => void;
  children: ReactNode;
}

function Card({ heading, next, title, count, tools, onEnd, children }: CardProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <section
      className={classes.card}
      aria-labelledby={id}
      data-tour-card
      data-next={next}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onEnd();
      }}
    >
      <header className={classes.head}>
        <IconMap2 size={19} className={classes.mark} aria-hidden />
        <h2 id={id} ref={heading} tabIndex={-1} className={classes.title}>
          {title}
        </h2>
        {count}
      </header>
      {children}
      <div className={classes.tools}>
        {tools}
        <ActionIcon size="md" aria-label={t('tour.end')} onClick={onEnd}>
          <IconX size={17} />
        </ActionIcon>
      </div>
    </section>
  );
}
