/** Names that are not known here, each with a choice of ours. What is near stands there already and is marked. */
import { Select, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ImportMatch, Unmatched } from '../../api/types';
import { humanise, tableName } from '../../model/names';
import { Pill } from '../../ui/Pill';
import classes from './Import.module.css';
import { nameKey } from './sameName';

interface Props {
  names: readonly Unmatched[];
  onMatch: (match: ImportMatch) => void;
}

export function Matches({ names, onMatch }: Props) {
  const { t } = useTranslation();
  const open = names.filter((one) => (one.match.to ?? '') === '').length;
  return (
    <section className={classes.matches} aria-labelledby="import-matches">
      <h2 id="import-matches" className={classes.heading}>
        {t('importing.match.title')}
      </h2>
      <Text size="sm" c="dimmed" aria-live="polite">
        {open === 0 ? t('importing.match.done') : t('importing.match.open', { count: open })}
      </Text>
      <ul className={classes.names}>
        {names.map((one) => (
          <NameRow key={nameKey(one.match)} unmatched={one} onMatch={onMatch} />
        ))}
      </ul>
    </section>
  );
}

function NameRow({ unmatched, onMatch }: { unmatched: Unmatched; onMatch: Props['onMatch'] }) {
  const { t } = useTranslation();
  const { match, choices, suggested, used } = unmatched;
  const several = new Set(choices.map((one) => one.connection ?? '')).size > 1;
  const value = match.to ? `${match.to_connection ?? ''} ${match.to}` : null;
  const start = match.kind === 'table' && match.name === '';
  const label = start
    ? t('importing.match.start')
    : t(`importing.match.kind.${match.kind}`, { name: match.name });
  const place = match.table ? t('importing.match.of', { table: tableName(match.table) }) : '';
  return (
    <li className={classes.name}>
      <Select
        label={label}
        description={[place, start ? '' : t('importing.match.used', { count: used })]
          .filter(Boolean)
          .join(' · ')}
        placeholder={t(start ? 'importing.match.later' : 'importing.match.leave')}
        value={value}
        clearable
        searchable
        nothingFoundMessage={t('importing.match.none')}
        clearButtonProps={{ 'aria-label': t('importing.match.clear', { name: label }) }}
        data={choices.map((one) => ({
          value: `${one.connection ?? ''} ${one.to}`,
          label:
            match.kind === 'field' || match.kind === 'related'
              ? fieldLabel(one.to)
              : several
                ? `${one.connection}: ${one.to}`
                : one.to,
        }))}
        onChange={(picked) => {
          const choice = choices.find((one) => `${one.connection ?? ''} ${one.to}` === picked);
          onMatch({ ...match, to: choice?.to ?? '', to_connection: choice?.connection ?? '' });
        }}
      />
      {suggested && <Pill tone="new">{t('importing.match.suggested')}</Pill>}
    </li>
  );
}

function fieldLabel(column: string): string {
  const label = humanise(column);
  return label.toLowerCase() === column ? label : `${label} (${column})`;
}
