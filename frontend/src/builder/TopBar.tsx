/** The bar on top: where we are, how saving goes, and everything that concerns the whole rule. */
import {
  ActionIcon,
  Button,
  Menu,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconArrowLeft,
  IconCode,
  IconDots,
  IconHandClick,
  IconKeyboard,
  IconLayoutList,
  IconLayoutSidebar,
  IconMoon,
  IconPencil,
  IconPlayerPlay,
  IconSitemap,
  IconSun,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSwitchRule } from '../api/rules';
import { useMay } from '../api/session';
import type { Rule } from '../api/types';
import { renameRule } from '../model/edit';
import { open } from '../model/graph';
import { Confirm } from '../ui/Confirm';
import { Pill } from '../ui/Pill';
import { useProblemText } from '../ui/States';
import { Switch } from '../ui/Switch';
import { toastError } from '../ui/toast';
import classes from './builder.module.css';
import { useRoom } from './context';
import { put, useBuilder, useBuilderStore } from './store';
import { showTest } from './useTesting';
import { VersionsMenu } from './VersionsMenu';

function Tool({
  label,
  disabled,
  onClick,
  children,
}: {
  label: string;
  disabled?: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} disabled={disabled ?? false} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

function Name() {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const editing = useBuilder((state) => state.editing);
  const name = useBuilder((state) => {
    const opened = state.history.present;
    const said = opened.kind === 'rule' ? opened.head['name'] : opened.document['name'];
    return typeof said === 'string' ? said : '';
  });
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
      readOnly={!editing}
      onChange={(event) => change(event.currentTarget.value)}
      onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
    />
  );
}

function SaveWords() {
  const { t } = useTranslation();
  const save = useBuilder((state) => state.save);
  return (
    <span
      className={classes.save}
      role="status"
      data-save={save}
      data-bad={save === 'offline' || save === 'refused' || undefined}
    >
      {t(`builder.save.${save}`)}
    </span>
  );
}

/** Draft, On · version 3, Off: and whether the draft differs from what runs. */
function StatePill({ rule }: { rule: Rule }) {
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

function OnSwitch({ rule, refresh }: { rule: Rule; refresh: () => void }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const may = useMay('publisher');
  const change = useSwitchRule();
  const inWords = useProblemText();
  const [asking, setAsking] = useState(false);
  const turn = (on: boolean): void =>
    change.mutate(
      { id: rule.id, on },
      {
        onSuccess: refresh,
        onError: (error) => toastError(inWords(error)),
        onSettled: () => setAsking(false),
      },
    );
  return (
    <>
      <Switch
        on={rule.enabled}
        label={t('builder.top.switch')}
        disabled={!may || change.isPending}
        onChange={(on) => {
          if (!on) setAsking(true);
          else if (rule.live === null || rule.has_draft) store.setState({ dialog: 'review' });
          else turn(true);
        }}
      />
      <Confirm
        opened={asking}
        title={t('builder.top.offTitle')}
        confirm={t('builder.top.turnOff')}
        busy={change.isPending}
        onConfirm={() => turn(false)}
        onClose={() => setAsking(false)}
      >
        {t('builder.top.offText')}
      </Confirm>
    </>
  );
}

export function TopBar({ rule, refresh }: { rule: Rule; refresh: () => void }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { commands } = useRoom();
  const mayEdit = useMay('editor');
  const mayPublish = useMay('publisher');
  const editing = useBuilder((state) => state.editing);
  const testing = useBuilder((state) => state.testing.shown);
  const view = useBuilder((state) => state.view);
  const dirty = useBuilder((state) => state.history.present !== state.saved);
  const past = useBuilder((state) => state.history.past.length > 0);
  const future = useBuilder((state) => state.history.future.length > 0);
  const scheme = useComputedColorScheme('light');
  const { setColorScheme } = useMantineColorScheme();
  const roomy = useMediaQuery('(min-width: 1180px)') ?? true;
  const dark = scheme === 'dark';
  const items: readonly [string, ReactNode, () => void][] = [
    [
      'builder.top.palette',
      <IconLayoutSidebar key="i" size={18} />,
      () => store.setState((state) => ({ paletteOpen: !state.paletteOpen })),
    ],
    [
      view === 'canvas' ? 'builder.top.listView' : 'builder.top.canvasView',
      view === 'canvas' ? <IconLayoutList key="i" size={18} /> : <IconSitemap key="i" size={18} />,
      () => store.setState({ view: view === 'canvas' ? 'list' : 'canvas' }),
    ],
    ['builder.top.json', <IconCode key="i" size={18} />, () => store.setState({ dialog: 'json' })],
    ['builder.top.keys', <IconKeyboard key="i" size={18} />, () => store.setState({ dialog: 'keys' })],
    [
      dark ? 'builder.top.light' : 'builder.top.dark',
      dark ? <IconSun key="i" size={18} /> : <IconMoon key="i" size={18} />,
      () => setColorScheme(dark ? 'light' : 'dark'),
    ],
  ];
  return (
    <header className={classes.top}>
      <Tooltip label={t('builder.top.back')}>
        <ActionIcon component={Link} to="/rules" aria-label={t('builder.top.back')}>
          <IconArrowLeft size={18} />
        </ActionIcon>
      </Tooltip>
      <Name />
      <StatePill rule={rule} />
      {editing && <SaveWords />}
      <span className={classes.spacer} />
      {editing && (
        <>
          <Tool label={t('builder.top.undo')} disabled={!past} onClick={commands.undo}>
            <IconArrowBackUp size={18} />
          </Tool>
          <Tool label={t('builder.top.redo')} disabled={!future} onClick={commands.redo}>
            <IconArrowForwardUp size={18} />
          </Tool>
        </>
      )}
      {roomy ? (
        items.map(([key, icon, perform]) => (
          <Tool key={key} label={t(key)} onClick={perform}>
            {icon}
          </Tool>
        ))
      ) : (
        <Menu position="bottom-end" shadow="md">
          <Menu.Target>
            <ActionIcon aria-label={t('builder.top.more')}>
              <IconDots size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {items.map(([key, icon, perform]) => (
              <Menu.Item key={key} leftSection={icon} onClick={perform}>
                {t(key)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {roomy && <VersionsMenu ruleId={rule.id} count={rule.versions_count} />}
      <Button
        variant={testing ? 'light' : 'default'}
        leftSection={<IconPlayerPlay size={16} aria-hidden />}
        aria-pressed={testing}
        onClick={() => showTest(store, !testing)}
      >
        {t('builder.top.test')}
      </Button>
      {rule.enabled && rule.trigger.on === 'manual' && mayEdit && (
        <Button
          variant="default"
          leftSection={<IconHandClick size={16} aria-hidden />}
          onClick={() => store.setState({ dialog: 'run' })}
        >
          {t('builder.run.now')}
        </Button>
      )}
      {!editing && mayEdit && (
        <Button
          variant="default"
          leftSection={<IconPencil size={16} aria-hidden />}
          onClick={() => store.setState({ editing: true })}
        >
          {t('builder.top.edit')}
        </Button>
      )}
      {editing && mayPublish && (rule.live === null || rule.has_draft || dirty) && (
        <Button onClick={() => store.setState({ dialog: 'review' })}>
          {t(rule.enabled ? 'builder.top.publish' : 'builder.top.turnOn')}
        </Button>
      )}
      <OnSwitch rule={rule} refresh={refresh} />
    </header>
  );
}
