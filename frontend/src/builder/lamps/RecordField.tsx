/** The same list as a field of a form: "Try it with Lead", the record's name, and a way to another. */
import { Input, InputBase } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useRoom } from '../context';
import { useBuilder } from '../store';
import { RecordList } from './RecordList';

export function RecordField() {
  const { t } = useTranslation();
  const id = useId();
  const { subject, words } = useRoom();
  const { key, label } = useBuilder((state) => state.testing);
  return (
    <Input.Wrapper
      label={t('builder.test.record', { record: words.record(subject.table) })}
      labelElement="div"
      labelProps={{ id: `${id}-label` }}
    >
      <RecordList
        width="target"
        button={(toggle) => (
          <InputBase
            component="button"
            type="button"
            pointer
            onClick={toggle}
            title={label}
            rightSection={<IconChevronDown size={15} aria-hidden />}
            aria-labelledby={`${id}-label ${id}-value`}
            data-try-with={label}
          >
            <span id={`${id}-value`} className="ry-cut">
              {key === null ? t('lamps.choose') : label}
            </span>
          </InputBase>
        )}
      />
    </Input.Wrapper>
  );
}
