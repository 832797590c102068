/** The sentence of one document, wherever it stands; the tables that it names are read for it. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { openedFrom, SentenceText, usePlainSentence } from './SentenceText';
import { useNamedTables } from './useNamedTables';

export function RuleSentence({ document }: { document: unknown }) {
  const { t } = useTranslation();
  const openeds = useMemo(() => [openedFrom(document)] as const, [document]);
  const [opened] = openeds;
  const tablesOf = useNamedTables(openeds);
  const tables = useMemo(() => tablesOf(opened), [tablesOf, opened]);
  const said = usePlainSentence({ opened, tables });
  return said === '' ? t('rules.noSentence') : <SentenceText opened={opened} tables={tables} />;
}
