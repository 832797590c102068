/** "Shown for #1041 Kim Minji": a button that opens a list of records to choose another one from. */
import { UnstyledButton } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useBuilder } from '../store';
import classes from './lamps.module.css';
import { RecordList } from './RecordList';

export function RecordChoice() {
  const { t } = useTranslation();
  const label = useBuilder((state) => state.testing.label);
  const chosen = useBuilder((state) => state.testing.key);
  return (
    <RecordList
      width={300}
      button={(toggle) => (
        <UnstyledButton className={classes.choice} onClick={toggle} data-shown-for={label} title={label}>
          <span>{chosen === null ? t('lamps.choose') : t('lamps.shownFor', { record: label })}</span>
          <IconChevronDown size={15} aria-hidden />
        </UnstyledButton>
      )}
    />
  );
}
