/** Every version: number, who, when, note, when it was on. Choosing one shows what it changed. */
import { ActionIcon, Button, Text, Tooltip } from '@mantine/core';
import { IconRestore } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Rule, Version } from '../api/types';
import type { Which } from '../api/versions';
import { momentFormat } from '../ui/clock';
import { useLocale } from '../ui/locale';
import { Pill } from '../ui/Pill';
import { RelativeTime } from '../ui/RelativeTime';
import classes from './versions.module.css';

export type ListProps = {
  readonly rule: Rule;
  readonly versions: readonly Version[];
  readonly pair: readonly [Which | null, Which];
  readonly mayEdit: boolean;
  readonly more: (() => void) | null;
  readonly loadingMore: boolean;
  /** Shows what this one changed against the one before it (the draft: against the live one). */
  readonly onChoose: (which: Which) => void;
  readonly onRestore: (number: number) => void;
};

function usePeriod(): (version: Version) => string {
  const { t } = useTranslation();
  const locale = useLocale();
  return ({ on_since, on_until }) => {
    if (!on_since) return t('versions.neverOn');
    const format = momentFormat('day', locale);
    const since = new Date(on_since);
    if (!on_until) return t('versions.onSince', { since: format.format(since) });
    return t('versions.onPeriod', { period: format.formatRange(since, new Date(on_until)) });
  };
}

export function VersionList(props: ListProps) {
  const { rule, versions, pair, mayEdit, more, loadingMore, onChoose, onRestore } = props;
  const { t } = useTranslation();
  const period = usePeriod();
  const place = (which: Which): 'old' | 'now' | undefined =>
    pair[1] === which ? 'now' : pair[0] === which ? 'old' : undefined;
  return (
    <nav aria-label={t('versions.list')}>
      <ul className={classes.list}>
        <li className={classes.version} data-place={place('draft')} data-version="draft">
          <button
            type="button"
            className={classes.versionName}
            aria-current={pair[1] === 'draft'}
            onClick={() => onChoose('draft')}
          >
            {t('versions.draft')}
          </button>
          <Text size="xs" c="dimmed">
            {rule.live_version !== null && !rule.has_draft
              ? t('versions.draftSame', { number: rule.live_version })
              : t('versions.draftAbout')}
          </Text>
        </li>
        {versions.map((version) => (
          <li
            key={version.id}
            className={classes.version}
            data-place={place(version.number)}
            data-version={version.number}
          >
            <span className={classes.versionHead}>
              <button
                type="button"
                className={classes.versionName}
                aria-current={pair[1] === version.number}
                onClick={() => onChoose(version.number)}
              >
                {t('versions.version', { number: version.number })}
              </button>
              {version.live && <Pill tone={rule.enabled ? 'good' : 'still'}>{t('versions.live')}</Pill>}
            </span>
            <Text size="xs" c="dimmed">
              <RelativeTime at={version.published_at} />
              {version.published_by ? ` · ${version.published_by.name}` : ''}
            </Text>
            <Text size="xs" c="dimmed">
              {period(version)}
            </Text>
            {version.note !== '' && (
              <Text size="sm" lineClamp={3}>
                {version.note}
              </Text>
            )}
            {mayEdit && (
              <Tooltip label={t('versions.restore', { number: version.number })}>
                <ActionIcon
                  className={classes.restore}
                  size="md"
                  aria-label={t('versions.restore', { number: version.number })}
                  onClick={() => onRestore(version.number)}
                >
                  <IconRestore size={16} />
                </ActionIcon>
              </Tooltip>
            )}
          </li>
        ))}
      </ul>
      {versions.length === 0 && (
        <Text size="sm" c="dimmed" p="sm">
          {t('versions.none')}
        </Text>
      )}
      {more && (
        <Button variant="default" size="sm" fullWidth loading={loadingMore} onClick={more}>
          {t('ui.more')}
        </Button>
      )}
    </nav>
  );
}
