/** "Stop and tell me if it runs more than [200] times an hour": the limit of a rule as one line to edit. */
import { Anchor, NumberInput, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useHeld } from '../api/held';
import type { JSONValue } from '../model/json';
import { useLocale } from '../ui/locale';
import classes from './review.module.css';

const FIRST = 200;
const MOST = 1_000_000;
/** Where the field stands in the words. */
const GAP = '\n';

type Props = {
  readonly ruleId: number;
  /** `policy.limit`: a number, `off`, or what is usual. */
  readonly limit: JSONValue | undefined;
  /** Null where it is only told. */
  readonly onChange: ((limit: number | 'auto' | 'off') => void) | null;
};

export function LimitLine({ ruleId, limit, onChange }: Props) {
  const { t } = useTranslation();
  const locale = useLocale();
  const automatic = useHeld(ruleId).data?.automatic ?? null;
  const number = (value: number): string => new Intl.NumberFormat(locale).format(value);
  if (typeof limit === 'number' && onChange) {
    const [before = '', after = ''] = t('review.limit.edit', { number: GAP }).split(GAP);
    return (
      <div className={classes.limit} data-limit="number">
        <Text size="sm" component="div">
          {before}
          <NumberInput
            className={classes.number ?? ''}
            size="xs"
            aria-label={t('builder.policy.limit.runs')}
            value={limit}
            min={1}
            max={MOST}
            allowDecimal={false}
            clampBehavior="strict"
            hideControls
            onChange={(value) => typeof value === 'number' && value >= 1 && onChange(value)}
          />
          {after}
        </Text>
        <Choice label={t('review.limit.usual')} onClick={() => onChange('auto')} />
      </div>
    );
  }
  const told =
    typeof limit === 'number'
      ? t('held.review', { limit })
      : limit === 'off'
        ? t('held.reviewOff')
        : automatic === null
          ? t('held.reviewAuto')
          : t('review.limit.auto', { number: number(automatic) });
  return (
    <div className={classes.limit} data-limit={typeof limit === 'number' ? 'number' : (limit ?? 'auto')}>
      <Text size="sm" span>
        {told}
      </Text>
      {onChange && <Choice label={t('review.limit.set')} onClick={() => onChange(FIRST)} />}
    </div>
  );
}

function Choice({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <Anchor component="button" type="button" size="sm" underline="always" onClick={onClick}>
      {label}
    </Anchor>
  );
}
