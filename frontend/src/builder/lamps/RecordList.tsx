/** The list that a record is chosen from, for the lamps and for the test: recent runs, changes that match, newest. */
import { Combobox, Loader, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRecords } from '../../api/builder';
import { toastError } from '../../ui/toast';
import { useRoom } from '../context';
import { announce, useBuilder, useBuilderStore } from '../store';
import { chooseRecord, recordName } from './choose';
import { CHANGE, FoundChanges, LOOK } from './FoundChanges';
import { RecentRuns, RUN } from './RecentRuns';
import { useChooseChange, useFoundChanges } from './useFoundChanges';
import { useChooseRun, useRecentRuns } from './useRecentRuns';
import { useTopHighlight } from './useTopHighlight';

interface Props {
  /** The button that opens it. */
  readonly button: (toggle: () => void) => ReactNode;
  readonly width: number | 'target';
}

export function RecordList({ button, width }: Props) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { subject } = useRoom();
  const chosen = useBuilder((state) => state.testing.key);
  const [search, setSearch] = useState('');
  const [asked] = useDebouncedValue(search, 250);
  const records = useRecords(subject.connectionId, subject.table, asked);
  const items = records.data?.items ?? [];
  const combobox = useCombobox({
    onDropdownOpen: () => {
      highlight.reset();
      combobox.focusSearchInput();
    },
    onDropdownClose: () => {
      setSearch('');
      combobox.focusTarget();
    },
  });
  const found = useFoundChanges(combobox.dropdownOpened);
  const runs = useRecentRuns(combobox.dropdownOpened);
  const highlight = useTopHighlight(combobox, search === '' ? `${runs.length} ${found.state}` : null);
  const chooseChange = useChooseChange();
  const chooseRun = useChooseRun();
  const tell = (chosen: Promise<string>): void => {
    void chosen.then(
      (record) => announce(store, t('lamps.said', { record })),
      (error: Error) => toastError(error.message),
    );
    combobox.closeDropdown();
  };
  const choose = (key: string): void => {
    if (key === LOOK) {
      found.look();
      return;
    }
    if (key.startsWith(CHANGE)) {
      tell(chooseChange(Number(key.slice(CHANGE.length))));
      return;
    }
    if (key.startsWith(RUN)) {
      tell(chooseRun(Number(key.slice(RUN.length))));
      return;
    }
    const record = items.find((one) => one.record_key === key);
    if (record) {
      chooseRecord(store, record);
      announce(store, t('lamps.said', { record: recordName(record) }));
    }
    combobox.closeDropdown();
  };
  return (
    <Combobox
      store={combobox}
      onOptionSubmit={choose}
      width={width}
      position="bottom-start"
      shadow="md"
      withinPortal
    >
      <Combobox.Target targetType="button">{button(() => combobox.toggleDropdown())}</Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
            combobox.updateSelectedOptionIndex();
          }}
          onKeyDown={highlight.onKeyDown}
          placeholder={t('lamps.search')}
          aria-label={t('lamps.search')}
          rightSection={records.isFetching ? <Loader size={14} /> : null}
        />
        <Combobox.Options mah={280} style={{ overflowY: 'auto' }} aria-label={t('lamps.records')}>
          {search === '' && <RecentRuns runs={runs} />}
          {search === '' && <FoundChanges found={found} />}
          {items.length > 0 && (
            <Combobox.Group label={t('lamps.newest')}>
              {items.map((one) => (
                <Combobox.Option
                  key={one.record_key}
                  value={one.record_key}
                  active={JSON.stringify(one.key) === JSON.stringify(chosen)}
                >
                  {recordName(one)}
                </Combobox.Option>
              ))}
            </Combobox.Group>
          )}
          {items.length === 0 && !records.isFetching && (
            <Combobox.Empty>{t('builder.test.noRecord')}</Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
