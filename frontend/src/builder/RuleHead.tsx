/** What the bar says of the open rule: its name, how saving goes, and what runs. */
import { Tooltip, VisuallyHidden } from '@mantine/core';
import { IconCloudCheck, IconCloudOff, IconCloudUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { isProblem } from '../api/client';
import type { Rule } from '../api/types';
import { problemText } from '../i18n/problemText';
import { renameRule } from '../model/edit';
import { type Opened, open } from '../model/graph';
import { Pill } from '../ui/Pill';
import { useProblemText } from '../ui/States';
import classes from './builder.module.css';
import { put, useBuilder, useBuilderStore } from './store';

/** The open rule's name, empty where it has none yet. */
export function nameOf(opened: Opened): string {
  const said = opened.kind === 'rule' ? opened.head['name'] : opened.document['name'];
  return typeof said === 'string' ? said : '';
}

export function Name() {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const editing = useBuilder((state) => state.editing);
  const name = useBuilder((state) => nameOf(state.history.present));
  const change = (next: string): void => {
    const opened = store.getState().history.present;
    put(
      store,
      opened.kind === 'rule' ? renameRule(opened, next) : open({ ...opened.document, name: next }),
      'name',
    );
  };
  return (
    <input
      className={classes.name}
      aria-label={t('builder.top.name')}
      placeholder={t('builder.top.noName')}
      value={name}
      title={name}
      readOnly={!editing}
      onChange={(event) => change(event.currentTarget.value)}
      onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
    />
  );
}

/** A small cloud while all is well, so that the name has room; words once something is not. Heard either way. */
export function SaveWords() {
  const { t } = useTranslation();
  const save = useBuilder((state) => state.save);
  const refusal = useBuilder((state) => (state.save === 'refused' ? state.refusal : null));
  const inWords = useProblemText();
  const said = t(`builder.save.${save}`);
  const [why] = isProblem(refusal) ? refusal.problems : [];
  const words =
    refusal === null ? said : `${said}${t('look.colon')}${why ? problemText(why, t) : inWords(refusal)}`;
  const bad = save === 'offline' || save === 'refused' || save === 'conflict';
  const Icon = bad ? IconCloudOff : save === 'saved' ? IconCloudCheck : IconCloudUp;
  return (
    <Tooltip label={words} multiline maw={360}>
      <span className={classes.save} role="status" data-save={save} data-bad={bad || undefined}>
        <Icon size={18} aria-hidden />
        {bad ? <span className="ry-cut">{words}</span> : <VisuallyHidden>{words}</VisuallyHidden>}
      </span>
    </Tooltip>
  );
}

/** Draft, On · version 3, Off: and whether the draft differs from what runs. */
export function StatePill({ rule }: { rule: Rule }) {
  const { t } = useTranslation();
  if (rule.live === null) return <Pill tone="still">{t('builder.top.draft')}</Pill>;
  const version = rule.live.version;
  return (
    <>
      <Pill tone={rule.enabled ? 'good' : 'still'}>
        {t(rule.enabled ? 'builder.top.on' : 'builder.top.off', { version })}
      </Pill>
      {rule.has_draft && <Pill tone="new">{t('builder.top.changed')}</Pill>}
    </>
  );
}
