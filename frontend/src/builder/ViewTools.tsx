/** How the open rule is shown: as buttons where there is room, else behind one menu. */
import { ActionIcon, Menu, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import {
  IconCode,
  IconDots,
  IconKeyboard,
  IconLayoutList,
  IconLayoutSidebar,
  IconMoon,
  IconSitemap,
  IconSun,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useBuilder, useBuilderStore } from './store';

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

export function ViewTools({ roomy }: { roomy: boolean }) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const view = useBuilder((state) => state.view);
  const scheme = useComputedColorScheme('light');
  const { setColorScheme } = useMantineColorScheme();
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
  if (roomy) {
    return items.map(([key, icon, perform]) => (
      <Tool key={key} label={t(key)} onClick={perform}>
        {icon}
      </Tool>
    ));
  }
  return (
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
  );
}
