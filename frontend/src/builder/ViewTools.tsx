/** How the open rule is shown, and what else can be asked of it: the list beside the bar, the rest behind one menu. */
import { ActionIcon, Menu, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import {
  IconCode,
  IconDots,
  IconHelpCircle,
  IconHistory,
  IconKeyboard,
  IconLayoutList,
  IconLayoutSidebar,
  IconMoon,
  IconSitemap,
  IconSun,
} from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Rule } from '../api/types';
import { useAids } from '../ui/aids';
import { useAskWhy } from '../ui/useAskWhy';
import { useBuilder, useBuilderStore } from './store';
import { usePaletteFits } from './usePaletteFits';

export function Tool({
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

export function ViewTools({ rule, roomy }: { rule: Rule; roomy: boolean }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const router = useRouter();
  const ask = useAskWhy(rule);
  const { help } = useAids();
  const view = useBuilder((state) => state.view);
  const column = usePaletteFits();
  const palette = useBuilder((state) => state.editing && !state.backtest.shown) && column;
  const scheme = useComputedColorScheme('light');
  const { setColorScheme } = useMantineColorScheme();
  const dark = scheme === 'dark';
  const list = view === 'canvas';
  const show = {
    label: t(list ? 'builder.top.listView' : 'builder.top.canvasView'),
    icon: list ? <IconLayoutList size={18} /> : <IconSitemap size={18} />,
    perform: () => store.setState({ view: list ? 'list' : 'canvas' }),
  };
  const items: readonly [string, ReactNode, () => void][] = [
    [t('builder.top.json'), <IconCode key="i" size={18} />, () => store.setState({ dialog: 'json' })],
    [t('builder.top.keys'), <IconKeyboard key="i" size={18} />, () => help()],
    [
      t(dark ? 'builder.top.light' : 'builder.top.dark'),
      dark ? <IconSun key="i" size={18} /> : <IconMoon key="i" size={18} />,
      () => setColorScheme(dark ? 'light' : 'dark'),
    ],
  ];
  return (
    <>
      {roomy && (
        <Tool label={show.label} onClick={show.perform}>
          {show.icon}
        </Tool>
      )}
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <ActionIcon aria-label={t('builder.top.more')}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {!roomy && (
            <Menu.Item leftSection={show.icon} onClick={show.perform}>
              {show.label}
            </Menu.Item>
          )}
          {palette && (
            <Menu.Item
              leftSection={<IconLayoutSidebar size={18} />}
              onClick={() => store.setState((state) => ({ paletteOpen: !state.paletteOpen }))}
            >
              {t('builder.top.palette')}
            </Menu.Item>
          )}
          {items.map(([label, icon, perform]) => (
            <Menu.Item key={label} leftSection={icon} onClick={perform}>
              {label}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconHistory size={18} />}
            onClick={() => void router.navigate({ to: '/runs', search: { rule: rule.id } })}
          >
            {t('rules.menu.runs')}
          </Menu.Item>
          {ask && (
            <Menu.Item leftSection={<IconHelpCircle size={18} />} onClick={ask}>
              {t('why.asking.menu')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
