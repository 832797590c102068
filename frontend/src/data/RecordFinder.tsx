import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRecords } from '../api/builder';
import type { RecordKey } from '../api/events';

interface Props {
  connectionId: number;
  table: string;
  onFind: (key: RecordKey) => void;
}

/** Finds one record of a table by some of its words; the server searches among all of them. */
export function RecordFinder({ connectionId, table, onFind }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), 250);
  const records = useRecords(connectionId, table, search);
  const items = records.data?.items ?? [];
  return (
    <Select
      searchable
      w={260}
      aria-label={t('why.record.find')}
      placeholder={t('why.record.find')}
      leftSection={<IconSearch size={16} aria-hidden />}
      nothingFoundMessage={records.isPending ? t('ui.loading') : t('why.record.none')}
      value={null}
      searchValue={typed}
      onSearchChange={setTyped}
      filter={({ options }) => options}
      data={items.map((one) => ({
        value: one.record_key,
        label: one.label.includes(one.record_key) ? one.label : `#${one.record_key} ${one.label}`,
      }))}
      onChange={(chosen) => {
        const record = items.find((one) => one.record_key === chosen);
        if (record) onFind(record.key);
      }}
    />
  );
}
