/** Which field must change for the rule to start, and from what to what. */
import { MultiSelect, Select, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Term } from '../model/condition';
import { textsAt } from '../model/json';
import { humanise } from '../model/names';
import type { RuleNode } from '../model/rule';
import { dropStartChange, setStartChange, startChange } from '../model/start';
import { useRoom } from './context';
import { Place } from './Place';
import { apply, changeNode, put, ruleOf, useBuilderStore, useOpened } from './store';
import { ValueEditor } from './ValueEditor';

export function ChangeForm({ node }: { node: RuleNode }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { subject } = useRoom();
  const opened = useOpened();
  const rule = ruleOf(opened);
  const columns = textsAt(node, 'columns');
  const told = rule ? startChange(rule) : null;
  const facts = subject.columns.find((column) => column.name === columns[0]);
  const set = (side: 'from' | 'to', term: Term | null): void => {
    if (told) apply(store, (r) => setStartChange(r, { ...told, [side]: term }), { key: `start.${side}` });
  };
  return (
    <>
      <Place at="columns">
        <MultiSelect
          label={t('builder.start.fieldChoice')}
          placeholder={columns.length === 0 ? t('builder.form.chooseField') : ''}
          searchable
          hidePickedOptions
          data={subject.columns.map((column) => ({ value: column.name, label: column.label }))}
          value={columns}
          onChange={(next) => {
            const now = ruleOf(store.getState().history.present);
            if (now) put(store, { ...dropStartChange(now), trigger: { ...node, columns: next } });
            else changeNode(store, node.id, (old) => ({ ...old, columns: next }));
          }}
        />
      </Place>
      {told && facts && (
        <>
          <Side
            label={t('builder.start.from')}
            facts={facts}
            term={told.from}
            onChange={(term) => set('from', term)}
          />
          <Side
            label={t('builder.start.to')}
            facts={facts}
            term={told.to}
            onChange={(term) => set('to', term)}
          />
          {(told.from || told.to) && (
            <Text size="xs" c="dimmed">
              {t('builder.start.fromToExplain')}
            </Text>
          )}
        </>
      )}
    </>
  );
}

type SideProps = {
  readonly label: string;
  readonly facts: Parameters<typeof ValueEditor>[0]['facts'];
  readonly term: Term | null;
  readonly onChange: (term: Term | null) => void;
};

/** One side of a change: anything, or one value. */
function Side({ label, facts, term, onChange }: SideProps) {
  const { t } = useTranslation();
  const choices = facts?.choices ?? [];
  if (choices.length > 0) {
    return (
      <Select
        label={label}
        data={[
          { value: '', label: t('builder.start.anything') },
          ...choices.map((choice) => ({ value: choice, label: humanise(choice) })),
        ]}
        value={term?.kind === 'value' && typeof term.value === 'string' ? term.value : ''}
        onChange={(chosen) => onChange(chosen ? { kind: 'value', value: chosen } : null)}
      />
    );
  }
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600}>
        {label}
      </Text>
      <ValueEditor
        facts={facts}
        label={label}
        value={term?.kind === 'value' ? term.value : undefined}
        onChange={(value) => onChange(value === undefined ? null : { kind: 'value', value })}
      />
    </Stack>
  );
}
