/**
 * The first-rule tour: offered once where there is demo data, then a short list that ticks itself while somebody
 * really makes a rule. It stands beside the work, never over it: no overlay, no trapped focus; Escape in it ends it.
 */
import { ActionIcon, Button, Text } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconMap2, IconX } from '@tabler/icons-react';
import { type ReactNode, type RefObject, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Going } from './Going';
import { BEGUN, nextStep, OVER, STEPS, type Step } from './steps';
import classes from './tour.module.css';
import type { TourState } from './useTour';

export default function Tour({ tour }: { tour: TourState }) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  // Beside an open rule there is little room: only what is next, until somebody asks for more.
  const building = tour.now !== null;
  const [wanted, setWanted] = useState<boolean | null>(null);
  const folded = wanted ?? building;
  const { kept, keep } = tour;
  if (kept?.state === 'over') return null;
  if (kept === null) {
    return (
      <Card heading={heading} title={t('tour.offer.title')} onEnd={() => keep(OVER)}>
        <Text size="sm">{t('tour.offer.body')}</Text>
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
  const count = t('tour.count', { done: kept.done.length, all: STEPS.length });
  return (
    <Card
      heading={heading}
      next={nextStep(kept.done)}
      title={t('tour.title')}
      onEnd={() => keep(OVER)}
      aside={
        <>
          <Text size="xs" c="dimmed" component="span" className={classes.count}>
            {count}
          </Text>
          <ActionIcon
            size="md"
            aria-label={t(folded ? 'tour.unfold' : 'tour.fold')}
            aria-expanded={!folded}
            onClick={() => setWanted(!folded)}
          >
            {folded ? <IconChevronUp size={17} /> : <IconChevronDown size={17} />}
          </ActionIcon>
        </>
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
  aside?: ReactNode;
  onEnd: () => void;
  children: ReactNode;
}

function Card({ heading, next, title, aside, onEnd, children }: CardProps) {
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
        {aside}
        <ActionIcon size="md" aria-label={t('tour.end')} onClick={onEnd}>
          <IconX size={17} />
        </ActionIcon>
      </header>
      {children}
    </section>
  );
}
