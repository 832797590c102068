import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBolt, IconTemplate, IconUpload } from '@tabler/icons-react';
import { getRouteApi, Link, useRouter } from '@tanstack/react-router';
import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useCreateRule, useRules } from '../api/rules';
import { useMay } from '../api/session';
import type { RuleList } from '../api/types';
import { More } from '../ui/More';
import { PageHeader } from '../ui/PageHeader';
import { Empty, LoadError, LoadingRows, NoResult, useProblemText } from '../ui/States';
import { toastError } from '../ui/toast';
import { FirstTemplates } from './FirstTemplates';
import { ImportDoor } from './import/ImportDoor';
import { NeedsAttention } from './NeedsAttention';
import { NewRule } from './NewRule';
import { RuleFilters } from './RuleFilters';
import { RuleTable } from './RuleTable';

const route = getRouteApi('/shell/rules');

export default function RulesPage() {
  const { t } = useTranslation();
  const router = useRouter();
  const { import: asked, ...search } = route.useSearch();
  const rules = useRules(search);
  const create = useCreateRule();
  const starting = useRef(false);
  const mayEdit = useMay('editor');
  const words = useProblemText();
  const [importing, importDialog] = useDisclosure(false);

  const stopImporting = () => {
    importDialog.close();
    if (asked) void router.navigate({ to: '/rules', search, replace: true });
  };
  const startEmpty = () => {
    // The second press of a double click comes before the button can show that it is busy.
    if (starting.current) return;
    starting.current = true;
    create.mutate(
      { name: t('rules.newName') },
      {
        onSuccess: (rule) =>
          void router.navigate({ to: '/rules/$ruleId', params: { ruleId: String(rule.id) } }),
        onError: (error) => {
          starting.current = false;
          toastError(words(error));
        },
      },
    );
  };
  const clear = () => void router.navigate({ to: '/rules', search: {} });
  const { status, archived, about } = search;
  const filtered =
    search.search !== undefined || status !== undefined || archived === true || about !== undefined;
  const list = rules.data?.pages[0];
  const items = useMemo(() => rules.data?.pages.flatMap((page) => page.items) ?? [], [rules.data]);

  const actions = mayEdit && (
    <>
      <Button variant="default" leftSection={<IconUpload size={17} />} onClick={importDialog.open}>
        {t('rules.import.button')}
      </Button>
      <NewRule busy={create.isPending} onEmpty={startEmpty} onImport={importDialog.open} />
    </>
  );

  function body() {
    if (list === undefined) {
      if (!rules.isError) return <LoadingRows height={50} />;
      return <LoadError title={t('rules.error')} error={rules.error} onRetry={() => void rules.refetch()} />;
    }
    if (items.length > 0) {
      return (
        <>
          <RuleTable rules={items} />
          <More of={rules} />
        </>
      );
    }
    if (filtered) {
      const sought = search.search;
      const title = sought === undefined ? t('rules.emptyFilter') : t('rules.noResult', { search: sought });
      const undo = t(sought === undefined ? 'rules.showAll' : 'rules.clearSearch');
      return <NoResult title={title} clear={undo} onClear={clear} />;
    }
    return (
      <>
        <Empty
          icon={<IconBolt size={24} />}
          title={t('rules.empty.title')}
          actions={
            mayEdit && (
              <>
                <Button component={Link} to="/templates" leftSection={<IconTemplate size={17} />}>
                  {t('templates.start')}
                </Button>
                <Button variant="default" loading={create.isPending} onClick={startEmpty}>
                  {t('rules.empty.start')}
                </Button>
                <Button variant="default" onClick={importDialog.open}>
                  {t('rules.empty.import')}
                </Button>
              </>
            )
          }
        >
          {t('rules.empty.body')}
        </Empty>
        {mayEdit && <FirstTemplates />}
      </>
    );
  }

  return (
    <>
      <PageHeader
        title={t('rules.title')}
        subtitle={list && <Numbers counts={list.counts} />}
        actions={actions}
      />
      {list !== undefined && list.attention.length > 0 && <NeedsAttention items={list.attention} />}
      {(list === undefined || items.length > 0 || filtered) && <RuleFilters />}
      {body()}
      {mayEdit && (
        <ImportDoor opened={importing || asked === true} onOpen={importDialog.open} onClose={stopImporting} />
      )}
    </>
  );
}

function Numbers({ counts }: { counts: RuleList['counts'] }) {
  const { t } = useTranslation();
  return [
    t('rules.numbers.on', { count: counts.on }),
    ...(counts.draft > 0 ? [t('rules.numbers.draft', { count: counts.draft })] : []),
    t('rules.numbers.runs', { count: counts.runs_7d }),
  ].join(' · ');
}
