/** The two versions of the page, opened and put into words: what every part of the room draws from. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Which } from '../api/versions';
import { titleKey } from '../canvas/face';
import { useSubject } from '../canvas/useTables';
import { useWords } from '../canvas/words';
import type { Told } from '../model/changes';
import { type Opened, open } from '../model/graph';
import { isObject } from '../model/json';
import { type Merged, merge } from '../model/merge';
import type { RuleNode } from '../model/rule';

export type Sides = {
  readonly old: Opened;
  readonly now: Opened;
  readonly merged: Merged;
  readonly told: Told;
  /** The fields that either of them reads. */
  readonly read: ReadonlySet<string>;
  /** What the two are called: "Version 3", "Draft". */
  readonly oldName: string;
  readonly nowName: string;
};

export function useWhichName(): (which: Which) => string {
  const { t } = useTranslation();
  return (which) => (which === 'draft' ? t('versions.draft') : t('versions.version', { number: which }));
}

function useOpened(document: unknown): Opened {
  const written = JSON.stringify(document);
  return useMemo(() => {
    const read: unknown = JSON.parse(written);
    return open(isObject(read) ? read : {});
  }, [written]);
}

export function useSides(documents: readonly [unknown, unknown], pair: readonly [Which, Which]): Sides {
  const { t } = useTranslation();
  const old = useOpened(documents[0]);
  const now = useOpened(documents[1]);
  const merged = useMemo(() => merge(old, now), [old, now]);
  const subject = useSubject(merged.opened);
  const words = useWords(subject.tables);
  const whichName = useWhichName();
  const told = useMemo<Told>(
    () => ({
      words,
      say: (key, values) => String(t(`versions.${key}`, { ...values, defaultValue: key.split('.').at(-1) })),
      title: (node: RuleNode) =>
        node.kind === 'condition'
          ? t('builder.step.condition')
          : String(t(`builder.${titleKey(node)}`, { defaultValue: node.kind })),
    }),
    [words, t],
  );
  const read = useMemo(() => fieldsRead(documents), [documents]);
  return { old, now, merged, told, read, oldName: whichName(pair[0]), nowName: whichName(pair[1]) };
}

function fieldsRead(documents: unknown): ReadonlySet<string> {
  const found = JSON.stringify(documents).matchAll(/"(?:after|before)\.([^".]+)"/g);
  return new Set([...found].flatMap((match) => match[1] ?? []));
}
