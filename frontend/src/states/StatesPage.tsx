/** The sections: cards, condition rows with their lamps, pills, what stands where nothing is, one dialog. */
import { Stack, Title } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ConditionForm } from '../builder/ConditionForm';
import { JsonDialog, RemoveDialog } from '../builder/dialogs';
import { FormPlaces } from '../builder/FormPlaces';
import { useBuilder } from '../builder/store';
import { nodeIn } from '../canvas/board';
import { makeWords } from '../canvas/words';
import { Attention } from '../ui/Attention';
import { Confirm } from '../ui/Confirm';
import { Pill, type Tone } from '../ui/Pill';
import { RunPill } from '../ui/RunPill';
import { Empty, LoadError, LoadingRows, NoResult } from '../ui/States';
import { Cards } from './Cards';
import { SampleRoom } from './SampleRoom';
import { COMPARED, KINDS, LIT, MARKED, PAINTED, TABLES } from './samples';

const TONES: readonly Tone[] = ['good', 'bad', 'warn', 'busy', 'still', 'new'];
const RUNS = ['queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled', 'skipped'] as const;
const nothing = (): void => undefined;

function Section({ name, children }: { name: string; children: ReactNode }) {
  return (
    <section aria-label={name} data-section={name}>
      <Stack gap="md" mt="xl">
        <Title order={2}>{name}</Title>
        {children}
      </Stack>
    </section>
  );
}

function Rows() {
  const node = useBuilder((state) => nodeIn(state.history.present, 'c'));
  if (!node) return null;
  return (
    <div style={{ maxWidth: 416 }}>
      <FormPlaces step="c" problems={[]}>
        <ConditionForm node={node} />
      </FormPlaces>
    </div>
  );
}

function Pills() {
  return (
    <div style={{ display: 'flex', flexWrap: 'wrap', gap: 12 }}>
      {TONES.map((tone) => (
        <Pill key={tone} tone={tone}>
          {tone}
        </Pill>
      ))}
      {RUNS.map((state) => (
        <RunPill key={state} state={state} />
      ))}
      <RunPill state="waiting" wakeAt="2026-11-23T16:00:00Z" />
      <RunPill state="waiting" fault={{ code: 'held' }} />
    </div>
  );
}

function Places() {
  const { t } = useTranslation();
  return (
    <>
      <Attention title={t('builder.loadError')}>{t('ui.problem.unreachable')}</Attention>
      <Empty title={t('builder.json.whole')}>{t('builder.json.hint')}</Empty>
      <NoResult
        title={t('builder.palette.nothing', { search: 'x' })}
        clear={t('ui.cancel')}
        onClear={nothing}
      />
      <LoadError title={t('builder.loadError')} error={new Error('away')} onRetry={nothing} />
      <LoadingRows rows={3} />
    </>
  );
}

export function StatesPage({ dialog }: { dialog: string | null }) {
  const { t, i18n } = useTranslation();
  const language = i18n.resolvedLanguage ?? 'en';
  const words = useMemo(
    () => makeWords((key, values) => String(t(`builder.${key}`, values ?? {})), language, TABLES),
    [t, language],
  );
  return (
    <SampleRoom words={words} dialog={dialog}>
      <main style={{ padding: 24 }}>
        <Title order={1}>{t('builder.canvas.label', { name: language })}</Title>
        <Section name="kinds">
          <Cards nodes={KINDS} words={words} />
        </Section>
        <Section name="marked">
          <Cards nodes={MARKED} words={words} editable />
        </Section>
        <Section name="painted">
          <Cards nodes={PAINTED} words={words} painted />
        </Section>
        <Section name="compared">
          <Cards nodes={COMPARED} words={words} />
        </Section>
        <Section name="lamps">
          <Cards nodes={LIT} words={words} />
        </Section>
        <Section name="conditions">
          <Rows />
        </Section>
        <Section name="pills">
          <Pills />
        </Section>
        <Section name="places">
          <Places />
        </Section>
        <RemoveDialog />
        <JsonDialog />
        <Confirm
          opened={dialog === 'confirm'}
          title={t('builder.remove.title')}
          confirm={t('builder.remove.keepYes')}
          danger
          onConfirm={nothing}
          onClose={nothing}
        >
          {t('builder.conflict.nothingLost')}
        </Confirm>
      </main>
    </SampleRoom>
  );
}
