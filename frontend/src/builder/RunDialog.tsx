/** Running a manual rule now, on one record where it has a table. */
import { Button, Modal, Select, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFireRule, useRecords } from '../api/builder';
import { DialogActions } from '../ui/DialogActions';
import { useProblemText } from '../ui/States';
import { toastDone, toastError } from '../ui/toast';
import { useRoom } from './context';
import { useBuilder, useBuilderStore } from './store';

export function RunDialog({ ruleId }: { ruleId: number }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const navigate = useNavigate();
  const { subject, words } = useRoom();
  const inWords = useProblemText();
  const shown = useBuilder((state) => state.dialog === 'run');
  const fire = useFireRule(ruleId);
  const [search, setSearch] = useState('');
  const [asked] = useDebouncedValue(search, 250);
  const [chosen, setChosen] = useState<{ value: string; label: string; key: Record<string, unknown> } | null>(
    null,
  );
  // The chosen record's own name is no search.
  const records = useRecords(
    shown ? subject.connectionId : null,
    subject.table,
    asked === chosen?.label ? '' : asked,
  );
  const items = (records.data?.items ?? []).map((one) => ({
    value: one.record_key,
    label: one.label,
    key: one.key,
  }));
  const data = chosen && !items.some((one) => one.value === chosen.value) ? [chosen, ...items] : items;
  const close = (): void => store.setState({ dialog: null });
  const run = (): void =>
    fire.mutate(chosen?.key ?? null, {
      onSuccess: () => {
        close();
        toastDone(t('builder.run.started'));
        void navigate({ to: '/runs', search: { rule: ruleId } });
      },
      onError: (error) => toastError(inWords(error)),
    });
  return (
    <Modal
      opened={shown}
      onClose={close}
      title={t('builder.run.title')}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <Stack gap="md">
        {subject.table !== '' && (
          <Select
            label={t('builder.run.record', { record: words.record(subject.table) })}
            placeholder={t('builder.form.chooseValue')}
            searchable
            data={data.map(({ value, label }) => ({ value, label }))}
            filter={({ options }) => options}
            value={chosen?.value ?? null}
            onSearchChange={setSearch}
            nothingFoundMessage={t('builder.test.noRecord')}
            onChange={(value) => setChosen(data.find((one) => one.value === value) ?? null)}
          />
        )}
        <Text size="sm" c="dimmed">
          {t('builder.run.real')}
        </Text>
        <DialogActions onCancel={close}>
          <Button loading={fire.isPending} disabled={subject.table !== '' && chosen === null} onClick={run}>
            {t('builder.run.now')}
          </Button>
        </DialogActions>
      </Stack>
    </Modal>
  );
}
