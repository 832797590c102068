/** The panel of the selected step: Setup, Test, JSON; without a selection, the test of the whole rule. */
import { ActionIcon, Drawer, Skeleton, Tabs } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconCode, IconFlask, IconSettings, IconX } from '@tabler/icons-react';
import { lazy, type ReactNode, Suspense, useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { nodeIn } from '../canvas/board';
import { faceOf, StepIcon } from '../canvas/face';
import { withWords } from '../i18n';
import type { StepProblem } from '../model/problems';
import type { RuleNode } from '../model/rule';
import { Explain } from '../ui/Explain';
import { useProgressStore } from '../ui/progress';
import type { Word } from '../ui/wordList';
import { ActionForm } from './ActionForm';
import { ChooseForm } from './ChooseForm';
import { ConditionForm } from './ConditionForm';
import { focusCard, focusDrawnCard } from './cardFocus';
import { useRoom } from './context';
import { tellCut } from './cutTitle';
import { FailedForm } from './FailedForm';
import { FormPlaces } from './FormPlaces';
import { HookAddress } from './HookAddress';
import { NodeJson } from './json/NodeJson';
import { LimitsForm } from './LimitsForm';
import classes from './panel.module.css';
import { rememberedWidth } from './panelWidth';
import { Splitter } from './Splitter';
import { StartForm } from './StartForm';
import { NoteField, OffNote } from './StepMarks';
import { type Tab, useBuilder, useBuilderStore } from './store';
import { TestPanel } from './TestPanel';
import tones from './tone.module.css';
import { showTest } from './useTesting';
import { WaysOut } from './WaysOut';

const WaitForm = lazy(() => withWords(import('./WaitForm'), 'waits', 'asking'));

/** Which word is explained on top of a step's settings. */
const EXPLAINED: Readonly<Record<string, Word>> = {
  trigger: 'when',
  condition: 'if',
  choose: 'if',
  action: 'then',
};
const EachForm = lazy(async () => ({ default: (await import('./EachForm')).EachForm }));
const TABS: readonly Tab[] = ['setup', 'test', 'json'];
const ICONS = { setup: IconSettings, test: IconFlask, json: IconCode } as const;

function Setup({ node }: { node: RuleNode }) {
  const { t } = useTranslation();
  switch (node.kind) {
    case 'trigger':
      return <StartForm node={node} />;
    case 'condition':
      return <ConditionForm node={node} />;
    case 'choose':
      return <ChooseForm node={node} />;
    case 'action':
      return (
        <>
          <ActionForm node={node} />
          <FailedForm node={node} />
          <LimitsForm node={node} />
        </>
      );
    case 'for_each':
      return (
        <Suspense fallback={<Skeleton h={240} />}>
          <EachForm node={node} />
        </Suspense>
      );
    case 'wait':
      return (
        <Suspense>
          <WaitForm node={node} />
        </Suspense>
      );
    default:
      return <p>{t(node.kind === 'end' ? 'builder.end.explain' : 'builder.form.unknownStep')}</p>;
  }
}

function Inside({
  node,
  problems,
  onClose,
}: {
  node: RuleNode | null;
  problems: readonly StepProblem[];
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { words } = useRoom();
  const tab = useBuilder((state) => state.tab);
  const editing = useBuilder((state) => state.editing);
  const face = node ? faceOf(node, words, (key, values) => t(key, values ?? {})) : null;
  const title = node?.kind === 'condition' ? t('builder.kind.condition.name') : face?.title;
  return (
    <>
      <header className={classes.panelHead}>
        {node && face ? (
          <>
            <span className={`${tones.tone} ${classes.panelTile}`} data-tone={face.tone}>
              <StepIcon node={node} size={22} />
            </span>
            <div style={{ flex: 1, minWidth: 0 }}>
              <div className={classes.panelKicker} style={{ color: `var(--ry-${face.tone})` }}>
                {face.kicker}
              </div>
              <h2 className={classes.panelTitle}>{title}</h2>
            </div>
          </>
        ) : (
          <h2 className={classes.panelTitle} style={{ flex: 1 }}>
            {t('builder.test.title')}
          </h2>
        )}
        <Explain word={node ? (EXPLAINED[node.kind] ?? 'step') : 'test'} />
        <ActionIcon aria-label={t('ui.close')} onClick={onClose}>
          <IconX size={18} />
        </ActionIcon>
      </header>
      {node ? (
        <Tabs
          value={tab}
          onChange={(chosen) => {
            const next = TABS.find((one) => one === chosen);
            if (next === 'test') showTest(store, true);
            if (next) store.setState({ tab: next });
          }}
          style={{ display: 'flex', flexDirection: 'column', flex: 1, minHeight: 0 }}
        >
          <Tabs.List px="md">
            {TABS.map((one) => {
              const Icon = ICONS[one];
              return (
                <Tabs.Tab key={one} value={one} leftSection={<Icon size={16} aria-hidden />}>
                  {t(`builder.tab.${one}`)}
                </Tabs.Tab>
              );
            })}
          </Tabs.List>
          <Tabs.Panel value="setup" className={classes.panelBody}>
            {!editing && <p className={classes.readOnlyNote}>{t('builder.top.readOnly')}</p>}
            {node.kind === 'trigger' && node['on'] === 'webhook' && <HookAddress />}
            <fieldset
              disabled={!editing}
              className={editing ? undefined : classes.readOnly}
              style={{ margin: 0, padding: 0, border: 0, minWidth: 0 }}
              key={node.id}
            >
              <FormPlaces step={node.id} problems={problems}>
                <OffNote node={node} />
                <Setup node={node} />
                <WaysOut node={node} />
                <NoteField key={node.id} node={node} />
              </FormPlaces>
            </fieldset>
          </Tabs.Panel>
          <Tabs.Panel value="test" className={classes.panelBody}>
            {tab === 'test' && <TestPanel stepId={node.id} />}
          </Tabs.Panel>
          <Tabs.Panel value="json" className={classes.panelBody}>
            {tab === 'json' && <NodeJson key={node.id} node={node} problems={problems} />}
          </Tabs.Panel>
        </Tabs>
      ) : (
        <div className={classes.panelBody}>
          <TestPanel stepId={null} />
        </div>
      )}
    </>
  );
}

export function Panel({ problems }: { problems: ReadonlyMap<string, readonly StepProblem[]> }): ReactNode {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { commands } = useRoom();
  const small = useMediaQuery('(max-width: 992px)') ?? false;
  const opened = useBuilder((state) => state.history.present);
  const selected = useBuilder((state) => state.selected);
  const testing = useBuilder((state) => state.testing.shown);
  const dragging = useBuilder((state) => state.drag !== null);
  const [width, setWidth] = useState(rememberedWidth);
  const told = useProgressStore();
  const tourPlace = useCallback((over: HTMLElement | null) => told?.setState({ over }), [told]);
  const node = selected === null ? null : (nodeIn(opened, selected) ?? null);
  const close = (): void => {
    if (node) commands.select(null);
    else showTest(store, false);
  };
  if (!node && !testing) return null;
  // Escape in a field leads back to the card; an open list of choices takes it first.
  const back = (event: React.KeyboardEvent): void => {
    const at = event.target;
    if (event.key !== 'Escape' || !(at instanceof Element) || !event.currentTarget.contains(at)) return;
    if (node === null || !at.closest('[role="tabpanel"]') || at.getAttribute('aria-expanded') === 'true')
      return;
    event.stopPropagation();
    event.nativeEvent.stopImmediatePropagation();
    if (!focusDrawnCard(node.id)) focusCard(node.id);
  };
  const inside = <Inside node={node} problems={node ? (problems.get(node.id) ?? []) : []} onClose={close} />;
  if (small) {
    return (
      <Drawer
        opened={!dragging}
        onClose={close}
        position="bottom"
        size="85%"
        padding={0}
        withCloseButton={false}
        title={null}
      >
        <div
          data-panel
          onPointerOver={tellCut}
          style={{ display: 'flex', flexDirection: 'column', height: '85dvh' }}
        >
          <div ref={tourPlace} data-tour-over />
          {inside}
        </div>
      </Drawer>
    );
  }
  return (
    <aside
      className={classes.panel}
      style={{ width }}
      data-panel
      aria-label={t('builder.panel')}
      onKeyDown={back}
      onPointerOver={tellCut}
    >
      <Splitter width={width} onWidth={setWidth} />
      {inside}
    </aside>
  );
}
