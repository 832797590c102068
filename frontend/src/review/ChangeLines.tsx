/** What changed in one step, line by line: old struck through, new below it. */
import { VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ChangeLine } from '../model/changes';
import classes from './changes.module.css';

export function ChangeLines({ lines }: { lines: readonly ChangeLine[] }) {
  return lines.map((line, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines are never reordered, two may read alike
    <Line key={index} line={line} />
  ));
}

function Line({ line }: { line: ChangeLine }) {
  const { t } = useTranslation();
  return (
    <div className={classes.line} style={{ paddingInlineStart: `${(line.depth ?? 0) * 14}px` }}>
      {line.label !== undefined && <div className={classes.label}>{line.label}</div>}
      {line.same !== undefined && <div className={classes.label}>{line.same}</div>}
      {line.was !== undefined && (
        <del className={classes.was}>
          <VisuallyHidden>{t('versions.was')} </VisuallyHidden>
          {line.was}
        </del>
      )}
      {line.now !== undefined && (
        <ins className={classes.now}>
          <VisuallyHidden>{t('versions.now')} </VisuallyHidden>
          {line.now}
        </ins>
      )}
    </div>
  );
}
