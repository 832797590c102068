/** The faults of a text of JSON, each with its line; choosing one goes there. */
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './json.module.css';
import type { Span } from './places';

export type Found = Span & {
  readonly line: number;
  readonly message: string;
  readonly severity: 'error' | 'warning';
  /** The message says its line itself. */
  readonly placed: boolean;
};

const MOST = 20;

interface Props {
  readonly faults: readonly Found[];
  readonly asked: boolean;
  readonly onChoose: (fault: Found) => void;
}

export function FaultList({ faults, asked, onChoose }: Props) {
  const { t } = useTranslation();
  return (
    <div role={asked ? 'alert' : undefined}>
      {faults.length > 0 && (
        <ul className={classes.faults} aria-label={t('jsonEditor.problems')}>
          {faults.slice(0, MOST).map((fault) => (
            <li key={`${fault.from} ${fault.message}`}>
              <button
                type="button"
                className={classes.fault}
                data-severity={fault.severity}
                onClick={() => onChoose(fault)}
              >
                <IconAlertTriangle size={15} aria-hidden />
                <span>
                  {fault.placed
                    ? fault.message
                    : t('jsonEditor.atLine', { line: fault.line, message: fault.message })}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {faults.length > MOST && <span>{t('jsonEditor.more', { count: faults.length - MOST })}</span>}
    </div>
  );
}
