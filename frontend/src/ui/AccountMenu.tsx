import { Menu, useMantineColorScheme } from '@mantine/core';
import {
  IconCheck,
  IconDeviceDesktop,
  IconHelpCircle,
  IconLogout,
  IconMap2,
  IconMenu2,
  IconMoon,
  IconSettings,
  IconSun,
} from '@tabler/icons-react';
import { Link, useLocation, useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useChangeAccount, useSession, useSignOut } from '../api/session';
import { LANGUAGE_NAMES, LANGUAGES, type Language, showLanguage } from '../i18n';
import { useAids } from './aids';
import classes from './Navigation.module.css';
import type { Room } from './places';

const SCHEMES = [
  { value: 'light', Icon: IconSun },
  { value: 'dark', Icon: IconMoon },
  { value: 'auto', Icon: IconDeviceDesktop },
] as const;

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : [words[0]];
  return letters
    .map((word) => Array.from(word ?? '')[0] ?? '')
    .join('')
    .toLocaleUpperCase();
}

/** The signed-in person: language, looks, settings, sign out. On a phone also the `places` that its bar has no room for. */
export function AccountMenu({ places }: { places?: readonly Room[] }) {
  const { t, i18n } = useTranslation();
  const router = useRouter();
  const here = useLocation({ select: ({ pathname }) => pathname });
  const account = useSession().data?.account;
  const signOut = useSignOut();
  const { help, tour } = useAids();
  const change = useChangeAccount();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  if (!account) return null;

  const choose = (language: Language) => {
    void showLanguage(language);
    change.mutate({ language });
  };
  const leave = () =>
    signOut.mutate(undefined, { onSuccess: () => void router.navigate({ to: '/sign-in' }) });
  const tick = <IconCheck size={16} />;

  return (
    <Menu position={places ? 'top-end' : 'right-end'} width={240} withinPortal>
      <Menu.Target>
        <button
          type="button"
          className={classes.place}
          data-active={places?.some(({ to }) => here.startsWith(to)) || undefined}
          {...(places ? {} : { 'aria-label': t('ui.account.menu', { name: account.name }) })}
        >
          {places ? (
            <IconMenu2 size={19} stroke={1.75} aria-hidden />
          ) : (
            <span className={classes.face} aria-hidden="true">
              {initials(account.name)}
            </span>
          )}
          <span className={classes.label}>{places ? t('look.more') : account.name}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown className={classes.sheet ?? ''}>
        {places?.map(({ to, words, Icon }) => (
          <Menu.Item key={to} component={Link} to={to} leftSection={<Icon size={16} />}>
            {t(words)}
          </Menu.Item>
        ))}
        {places && <Menu.Divider />}
        <Menu.Label>{account.email}</Menu.Label>
        <Menu.Label>{t('ui.account.language')}</Menu.Label>
        {LANGUAGES.map((language) => (
          <Menu.Item
            key={language}
            lang={language}
            rightSection={i18n.language === language ? tick : null}
            onClick={() => choose(language)}
          >
            {LANGUAGE_NAMES[language]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{t('ui.account.looks')}</Menu.Label>
        {SCHEMES.map(({ value, Icon }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon size={16} />}
            rightSection={colorScheme === value ? tick : null}
            onClick={() => setColorScheme(value)}
          >
            {t(`ui.account.scheme.${value}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        {!places && (
          <Menu.Item component={Link} to="/settings" leftSection={<IconSettings size={16} />}>
            {t('ui.nav.settings')}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconHelpCircle size={16} />} onClick={() => help()}>
          {t('help.open')}
        </Menu.Item>
        {tour !== null && (
          <Menu.Item leftSection={<IconMap2 size={16} />} onClick={tour}>
            {t('help.tour')}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={leave}>
          {t('ui.account.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
