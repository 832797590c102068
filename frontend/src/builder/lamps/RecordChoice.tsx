/** "Shown for #1041 Kim Minji": a button that opens a list of records to choose another one from. */
import { Combobox, Loader, UnstyledButton, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRecords } from '../../api/builder';
import { toastError } from '../../ui/toast';
import { useRoom } from '../context';
import { announce, useBuilder, useBuilderStore } from '../store';
import { chooseRecord, recordName } from './choose';
import { CHANGE, FoundChanges, LOOK } from './FoundChanges';
import classes from './lamps.module.css';
import { useChooseChange, useFoundChanges } from './useFoundChanges';

export function RecordChoice() {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { subject } = useRoom();
  const label = useBuilder((state) => state.testing.label);
  const chosen = useBuilder((state) => state.testing.key);
  const [search, setSearch] = useState('');
  const [asked] = useDebouncedValue(search, 250);
  const records = useRecords(subject.connectionId, subject.table, asked);
  const items = records.data?.items ?? [];
  const combobox = useCombobox({
    onDropdownOpen: () => {
      combobox.focusSearchInput();
      combobox.selectFirstOption();
    },
    onDropdownClose: () => {
      setSearch('');
      combobox.focusTarget();
    },
  });
  const found = useFoundChanges(combobox.dropdownOpened);
  const chooseChange = useChooseChange();
  const choose = (key: string): void => {
    if (key === LOOK) {
      found.look();
      return;
    }
    if (key.startsWith(CHANGE)) {
      void chooseChange(Number(key.slice(CHANGE.length))).then(
        (record) => announce(store, t('lamps.said', { record })),
        (error: Error) => toastError(error.message),
      );
      combobox.closeDropdown();
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
      width={300}
      position="bottom-start"
      shadow="md"
      withinPortal
    >
      <Combobox.Target targetType="button">
        <UnstyledButton
          className={classes.choice}
          onClick={() => combobox.toggleDropdown()}
          data-shown-for={label}
          title={label}
        >
          <span>{chosen === null ? t('lamps.choose') : t('lamps.shownFor', { record: label })}</span>
          <IconChevronDown size={15} aria-hidden />
        </UnstyledButton>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
            combobox.updateSelectedOptionIndex();
          }}
          placeholder={t('lamps.search')}
          aria-label={t('lamps.search')}
          rightSection={records.isFetching ? <Loader size={14} /> : null}
        />
        <Combobox.Options mah={280} style={{ overflowY: 'auto' }} aria-label={t('lamps.records')}>
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
