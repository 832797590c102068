/** Why a text is no rule, with the lines where that shows. */
import { Button, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './Import.module.css';
import { around, type Place } from './lines';

export type Wrong = { readonly words: string; readonly place: Place | null };

const LONGEST = 160;

interface Props {
  wrong: Wrong;
  /** What was pasted; null where nobody sees it. */
  text: string | null;
  onShow: (place: Place) => void;
}

export function Fault({ wrong, text, onShow }: Props) {
  const { t } = useTranslation();
  const { place } = wrong;
  return (
    <div className={classes.fault} role="alert">
      <Text size="sm" fw={600} style={{ color: 'var(--ry-bad)' }}>
        {wrong.words}
      </Text>
      {place !== null && text !== null && (
        <>
          <pre className={classes.lines} aria-hidden>
            {around(text, place).map((line) => (
              <span
                key={line.number}
                className={classes.line}
                data-here={line.number === place.line || undefined}
              >
                <span className={classes.number}>{line.number}</span>
                {line.text
                  .slice(Math.max(0, line.number === place.line ? place.column - LONGEST / 2 : 0))
                  .slice(0, LONGEST)}
              </span>
            ))}
          </pre>
          <Button variant="default" size="compact-sm" onClick={() => onShow(place)}>
            {t('importing.showPlace')}
          </Button>
        </>
      )}
    </div>
  );
}
