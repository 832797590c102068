/** The versions of a rule, any two of them compared. Which two, and which step is looked at, is in the address. */
import { Drawer } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconHistory } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useVersions } from '../api/builder';
import { useRule } from '../api/rules';
import { useMay } from '../api/session';
import type { LiveNews, Rule, Version } from '../api/types';
import { useDocument, type Which } from '../api/versions';
import { Confirm } from '../ui/Confirm';
import room from '../ui/Room.module.css';
import { Empty, LoadError, LoadingRows } from '../ui/States';
import { useNews } from '../ui/Stream';
import { useDocumentName } from '../ui/useDocumentName';
import { Comparison } from './Comparison';
import { defaultPair, olderThan } from './pair';
import { useRestore } from './useRestore';
import { type ListProps, VersionList } from './VersionList';
import { VersionsBar } from './VersionsBar';
import classes from './versions.module.css';

const route = getRouteApi('/shell/rules/$ruleId/versions');

export default function VersionsPage() {
  const { t } = useTranslation();
  const { ruleId } = route.useParams();
  const rule = useRule(Number(ruleId));
  const versions = useVersions(Number(ruleId), true);
  useDocumentName(rule.data ? t('versions.pageName', { rule: rule.data.name }) : '');
  const { refetch } = rule;
  // A draft that is saved elsewhere, in another tab or by a colleague, is compared as it is now.
  const listen = useCallback(
    ({ kind, data }: LiveNews) => {
      if (kind === 'draft' && data['rule_id'] === Number(ruleId)) void refetch();
    },
    [ruleId, refetch],
  );
  useNews(listen);
  const error = rule.error ?? versions.error;
  if (error && !(rule.data && versions.data)) {
    return (
      <LoadError
        title={t('versions.loadError')}
        error={error}
        onRetry={() => void Promise.all([rule.refetch(), versions.refetch()])}
      />
    );
  }
  if (!rule.data || !versions.data) {
    return (
      <div style={{ padding: 24 }}>
        <LoadingRows rows={5} height={88} />
      </div>
    );
  }
  const listed = versions.data.pages.flatMap((page) => page.items);
  const more = versions.hasNextPage ? () => void versions.fetchNextPage() : null;
  return (
    <Versions rule={rule.data} versions={listed} more={more} loadingMore={versions.isFetchingNextPage} />
  );
}

type Props = {
  readonly rule: Rule;
  readonly versions: readonly Version[];
  readonly more: (() => void) | null;
  readonly loadingMore: boolean;
};

function Versions({ rule, versions, more, loadingMore }: Props) {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const mayEdit = useMay('editor');
  const [listShown, list] = useDisclosure(false);
  const [restoring, setRestoring] = useState<number | null>(null);
  const [old, now] = defaultPair(rule, search.a, search.b);
  const compare = (a: Which | null, b: Which): void => {
    list.close();
    void navigate({ search: { ...(a === null ? {} : { a }), b } });
  };
  const { busy, restore } = useRestore(rule.id, () => {
    setRestoring(null);
    compare(rule.live_version, 'draft');
  });
  const listProps: ListProps = {
    rule,
    versions,
    pair: [old, now],
    mayEdit,
    more,
    loadingMore,
    onChoose: (which) => compare(olderThan(rule, which), which),
    onRestore: setRestoring,
  };
  return (
    <div className={`${room.page} ${classes.page}`}>
      <VersionsBar
        rule={rule}
        versions={versions}
        pair={[old, now]}
        mayEdit={mayEdit}
        onPair={compare}
        onRestore={setRestoring}
        onList={list.open}
      />
      <div className={classes.columns}>
        <div className={classes.listColumn}>
          <h2 className={classes.heading}>{t('versions.list')}</h2>
          <VersionList {...listProps} />
        </div>
        {old === null ? (
          <div className={classes.alone}>
            <Empty icon={<IconHistory size={24} />} title={t('versions.alone.title')}>
              {t('versions.alone.body')}
            </Empty>
          </div>
        ) : (
          <Both
            rule={rule}
            old={old}
            now={now}
            step={search.step ?? null}
            onStep={(step) =>
              void navigate({
                search: ({ step: _, ...kept }) => (step === null ? kept : { ...kept, step }),
                replace: true,
              })
            }
          />
        )}
      </div>
      <Drawer
        opened={listShown}
        onClose={list.close}
        title={t('versions.list')}
        closeButtonProps={{ 'aria-label': t('ui.close') }}
      >
        <VersionList {...listProps} />
      </Drawer>
      <Confirm
        opened={restoring !== null}
        title={t('versions.restoreTitle', { number: restoring ?? 0 })}
        confirm={t('versions.restore', { number: restoring ?? 0 })}
        busy={busy}
        onConfirm={() => restoring !== null && restore(restoring)}
        onClose={() => setRestoring(null)}
      >
        {t(rule.has_draft ? 'versions.restoreDraft' : 'versions.restoreText')}
      </Confirm>
    </div>
  );
}

type BothProps = {
  readonly rule: Rule;
  readonly old: Which;
  readonly now: Which;
  readonly step: string | null;
  readonly onStep: (step: string | null) => void;
};

function Both({ rule, old, now, step, onStep }: BothProps) {
  const { t } = useTranslation();
  const first = useDocument(rule, old);
  const second = useDocument(rule, now);
  const error = first.error ?? second.error;
  if (error) {
    return (
      <div className={classes.alone}>
        <LoadError title={t('versions.loadError')} error={error} onRetry={() => window.location.reload()} />
      </div>
    );
  }
  if (first.document === null || second.document === null) {
    return (
      <div className={classes.alone}>
        <LoadingRows rows={5} height={88} />
      </div>
    );
  }
  return (
    <Comparison
      key={`${old} ${now}`}
      pair={{ ruleId: rule.id, old, now, etag: rule.draft.etag }}
      documents={[first.document, second.document]}
      selected={step}
      onSelect={onStep}
    />
  );
}
