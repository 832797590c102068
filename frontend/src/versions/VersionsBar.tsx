/** The bar on top: which two are compared, and what can be done with them. */
import { ActionIcon, Button, Select, Tooltip } from '@mantine/core';
import { IconArrowLeft, IconArrowsExchange, IconHistory, IconRestore } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Rule, Version } from '../api/types';
import type { Which } from '../api/versions';
import room from '../ui/Room.module.css';
import { useWhichName } from './useSides';
import classes from './versions.module.css';

type Props = {
  readonly rule: Rule;
  readonly versions: readonly Version[];
  readonly pair: readonly [Which | null, Which];
  readonly mayEdit: boolean;
  readonly onPair: (old: Which, now: Which) => void;
  readonly onRestore: (number: number) => void;
  readonly onList: () => void;
};

export function VersionsBar({ rule, versions, pair, mayEdit, onPair, onRestore, onList }: Props) {
  const { t } = useTranslation();
  const name = useWhichName();
  const [old, now] = pair;
  const numbers = new Set(versions.map((one) => one.number));
  // A version further back than the list goes by now is offered, too, while it is shown.
  for (const one of pair) if (typeof one === 'number') numbers.add(one);
  const choices = ['draft' as const, ...[...numbers].sort((a, b) => b - a)].map((one) => ({
    value: String(one),
    label: one === rule.live_version ? t('versions.liveVersion', { number: one }) : name(one),
  }));
  const which = (value: string | null): Which | null =>
    value === null ? null : value === 'draft' ? value : Number(value);
  const pick = (label: string, value: Which, choose: (picked: Which) => void) => (
    <Select
      className={classes.pick}
      title={choices.find((one) => one.value === String(value))?.label}
      aria-label={label}
      data={choices}
      value={String(value)}
      onChange={(picked) => {
        const one = which(picked);
        if (one !== null) choose(one);
      }}
    />
  );
  return (
    <header className={`${room.bar} ${classes.bar}`}>
      <Tooltip label={t('versions.back')}>
        <ActionIcon
          aria-label={t('versions.back')}
          renderRoot={(props) => <Link {...props} to="/rules/$ruleId" params={{ ruleId: String(rule.id) }} />}
        >
          <IconArrowLeft size={18} />
        </ActionIcon>
      </Tooltip>
      <h1 className={`${room.title} ${classes.title}`}>{rule.name || t('builder.top.noName')}</h1>
      {old !== null && (
        <fieldset className={classes.picks} aria-label={t('versions.compare')}>
          {pick(t('versions.older'), old, (one) => onPair(one, now))}
          <Tooltip label={t('versions.swap')}>
            <ActionIcon aria-label={t('versions.swap')} onClick={() => onPair(now, old)}>
              <IconArrowsExchange size={18} />
            </ActionIcon>
          </Tooltip>
          {pick(t('versions.newer'), now, (one) => onPair(old, one))}
        </fieldset>
      )}
      <span className={room.spacer} />
      <Button
        className={classes.showList}
        variant="default"
        leftSection={<IconHistory size={17} aria-hidden />}
        onClick={onList}
      >
        {t('versions.title')}
      </Button>
      {mayEdit && typeof old === 'number' && old <= rule.versions_count && (
        <Button
          variant="default"
          leftSection={<IconRestore size={17} aria-hidden />}
          onClick={() => onRestore(old)}
        >
          {t('versions.restore', { number: old })}
        </Button>
      )}
      {now === 'draft' && (
        <Button
          renderRoot={(props) => <Link {...props} to="/rules/$ruleId" params={{ ruleId: String(rule.id) }} />}
        >
          {t('versions.openDraft')}
        </Button>
      )}
    </header>
  );
}
