/** What changed in one step, line by line: old struck through, new below it. */
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
          <span className={classes.spoken}>{t('versions.was')} </span>
          {line.was}
        </del>
      )}
      {line.now !== undefined && (
        <ins className={classes.now}>
          <span className={classes.spoken}>{t('versions.now')} </span>
          {line.now}
        </ins>
      )}
    </div>
  );
}
