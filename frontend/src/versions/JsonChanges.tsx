/** For experts: the two documents as JSON, line by line. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { jsonDiff } from '../model/lineDiff';
import classes from './versions.module.css';

const SIGN = { same: ' ', old: '−', new: '+' } as const;

export function JsonChanges({ old, now }: { old: unknown; now: unknown }) {
  const { t } = useTranslation();
  const lines = useMemo(() => jsonDiff(old, now), [old, now]);
  return (
    <details className={classes.section}>
      <summary className={classes.heading}>{t('versions.advanced')}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so that the keyboard must reach it */}
      <section className={classes.json} tabIndex={0} aria-label={t('versions.advanced')}>
        {lines.map((line, index) =>
          line.kind === 'folded' ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines are never reordered
            <div key={index} className={classes.folded}>
              {t('versions.folded', { count: line.count })}
            </div>
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines are never reordered
            <div key={index} data-kind={line.kind}>
              {SIGN[line.kind]} {line.text}
            </div>
          ),
        )}
      </section>
    </details>
  );
}
