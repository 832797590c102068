/** What came in, rule by rule: what becomes of it, how much of it is understood, and what is wrong with its line. */
import { Select, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ImportItem, ImportTwin } from '../../api/types';
import { titleKey } from '../../canvas/face';
import { problemText } from '../../i18n/problemText';
import { isRuleNode } from '../../model/graph';
import { Pill, type Tone } from '../../ui/Pill';
import { HowMuch } from './HowMuch';
import classes from './Import.module.css';

const TONES: Record<ImportItem['action'], Tone> = {
  create: 'good',
  update: 'busy',
  same: 'still',
  leave: 'still',
  refuse: 'bad',
};

interface Props {
  items: readonly ImportItem[];
  chosen: number;
  /** Shows the rule, and one step of it where that is known. */
  onChoose: (index: number, step: string | null) => void;
  onTwin: (name: string, twin: ImportTwin) => void;
}

export function Comings({ items, chosen, onChoose, onTwin }: Props) {
  const { t } = useTranslation();
  return (
    <section aria-labelledby="import-rules">
      <h2 id="import-rules" className={classes.heading}>
        {t('importing.rules', { count: items.length })}
      </h2>
      <ul className={classes.list}>
        {items.map((item, index) => (
          <li key={item.as_name} className={classes.item} data-chosen={index === chosen || undefined}>
            <Coming
              item={item}
              chosen={index === chosen}
              onChoose={(step) => onChoose(index, step)}
              onTwin={(twin) => onTwin(item.name, twin)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface ComingProps {
  item: ImportItem;
  chosen: boolean;
  onChoose: (step: string | null) => void;
  onTwin: (twin: ImportTwin) => void;
}

function Coming({ item, chosen, onChoose, onTwin }: ComingProps) {
  const { t } = useTranslation();
  const has = item.twin !== null && item.twin !== undefined && item.action !== 'refuse';
  return (
    <>
      <div className={classes.head}>
        <button
          type="button"
          className={classes.ruleName}
          aria-pressed={chosen}
          onClick={() => onChoose(null)}
        >
          {item.as_name}
        </button>
        <Pill tone={TONES[item.action]}>{t(`importing.action.${item.action}`)}</Pill>
      </div>
      {item.action === 'refuse' ? (
        <Text size="sm" style={{ color: 'var(--ry-bad)' }}>
          {t('importing.refused')}
        </Text>
      ) : (
        <HowMuch items={[item]} />
      )}
      {has && item.action !== 'same' && <Twin item={item} onTwin={onTwin} />}
      {item.problems.length > 0 && (
        <ul className={classes.problems}>
          {item.problems.map((problem, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: problems are never reordered, two may read alike
            <li key={index} data-severity={problem.severity ?? 'error'}>
              <button
                type="button"
                className={classes.problem}
                onClick={() => onChoose(problem.node ?? null)}
              >
                {(problem.line ?? 0) > 0 && (
                  <span className={classes.place}>
                    {t('importing.at', { line: problem.line, column: problem.column })}
                  </span>
                )}
                {problemText(problem, t)}
                {problem.code === 'cycle' && <Circle item={item} steps={problem.args?.['nodes']} />}
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** The steps that lead in a circle, by their names, back to the first. */
function Circle({ item, steps }: { item: ImportItem; steps: unknown }) {
  const { t } = useTranslation();
  const found = item.document['nodes'];
  if (!Array.isArray(steps) || !Array.isArray(found)) return null;
  const nodes = new Map(found.filter(isRuleNode).map((node) => [node.id, node]));
  const names = [...steps, steps[0]].map((id) => {
    const node = nodes.get(String(id));
    return node ? t(`builder.${titleKey(node)}`, { count: 1, defaultValue: node.kind }) : String(id);
  });
  return <span className={classes.place}>{names.join(' → ')}</span>;
}

const TWINS: readonly ImportTwin[] = ['replace', 'another', 'leave'];

function Twin({ item, onTwin }: { item: ImportItem; onTwin: (twin: ImportTwin) => void }) {
  const { t } = useTranslation();
  const now = item.action === 'leave' ? 'leave' : item.action === 'create' ? 'another' : 'replace';
  return (
    <Select
      mt={8}
      label={t('importing.twin.label', { name: item.name })}
      value={now}
      allowDeselect={false}
      data={TWINS.map((twin) => ({ value: twin, label: t(`importing.twin.${twin}`) }))}
      onChange={(value) => {
        const twin = TWINS.find((one) => one === value);
        if (twin) onTwin(twin);
      }}
    />
  );
}
