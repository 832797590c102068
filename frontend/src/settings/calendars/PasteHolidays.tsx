/** A list of holidays from elsewhere, pasted or from a file; what cannot be read is told by its line. */
import { Button, FileButton, Group, Stack, Text, Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePastedList } from '../../api/calendars';
import { problemText } from '../../i18n/problemText';
import { useProblemText } from '../../ui/States';
import classes from './calendars.module.css';
import { Days, type FoundList, useSeen } from './FillHolidays';

const SHOWN = 8;

type Props = {
  readonly onPut: (list: FoundList) => void;
  readonly onList: (list: FoundList | null) => void;
};

export function PasteHolidays({ onPut, onList }: Props) {
  const { t } = useTranslation();
  const words = useProblemText();
  const [text, setText] = useState('');
  const [settled] = useDebouncedValue(text, 300);
  const read = usePastedList(settled);
  const found = settled.trim() === '' ? undefined : read.data;
  useSeen(found, onList);
  return (
    <Stack gap="sm" className={classes.quiet} mb="sm">
      <Textarea
        label={t('calendars.paste.label')}
        description={t('calendars.paste.help')}
        placeholder={t('calendars.paste.example')}
        autosize
        minRows={4}
        maxRows={10}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Group>
        <FileButton
          accept=".csv,.ics,.txt,text/csv,text/calendar,text/plain"
          onChange={(file) => void file?.text().then(setText)}
        >
          {(props) => (
            <Button {...props} size="xs" variant="default">
              {t('calendars.paste.file')}
            </Button>
          )}
        </FileButton>
      </Group>
      {read.isError && (
        <Text size="sm" role="alert" style={{ color: 'var(--ry-bad)' }}>
          {words(read.error)}
        </Text>
      )}
      {found !== undefined && (
        <>
          <div aria-live="polite">
            {found.faults.slice(0, SHOWN).map((fault) => (
              <Text key={fault.line} size="sm" c="var(--mantine-color-error)">
                {t(`calendars.paste.fault.${fault.code}`, { line: fault.line, text: fault.text })}
              </Text>
            ))}
            {found.faults.length > SHOWN && (
              <Text size="sm" c="var(--mantine-color-error)">
                {t('calendars.paste.more', { count: found.faults.length - SHOWN })}
              </Text>
            )}
            {found.problems.map((problem) => (
              <Text key={problem.code} size="sm" c="var(--ry-if)">
                {problemText(problem, t)}
              </Text>
            ))}
          </div>
          {found.holidays.length > 0 && <Days list={found} />}
          <Group justify="flex-end">
            <Button
              variant="default"
              disabled={found.holidays.length === 0 || read.isPlaceholderData || settled !== text}
              onClick={() => onPut(found)}
            >
              {t('calendars.put', { count: found.holidays.length })}
            </Button>
          </Group>
        </>
      )}
    </Stack>
  );
}
