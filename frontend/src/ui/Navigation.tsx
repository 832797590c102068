import { Kbd, Tooltip } from '@mantine/core';
import { useOs } from '@mantine/hooks';
import {
  IconBolt,
  IconChartBar,
  IconDatabase,
  IconHistory,
  IconMailOpened,
  IconPlug,
  IconSearch,
  IconSettings,
  IconTemplate,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ComponentType, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { AccountMenu } from './AccountMenu';
import { useAids } from './aids';
import { Bell } from './Bell';
import classes from './Navigation.module.css';

const PLACES = [
  { to: '/rules', words: 'ui.nav.rules', Icon: IconBolt, phone: true },
  { to: '/runs', words: 'ui.nav.runs', Icon: IconHistory, phone: true },
  { to: '/dashboard', words: 'ui.nav.dashboard', Icon: IconChartBar, phone: true },
  { to: '/data', words: 'ui.nav.data', Icon: IconDatabase, phone: true },
  { to: '/connections', words: 'ui.nav.connections', Icon: IconPlug, phone: false },
  { to: '/templates', words: 'ui.nav.templates', Icon: IconTemplate, phone: false },
  { to: '/inbox', words: 'ui.nav.inbox', Icon: IconMailOpened, phone: false },
  { to: '/settings', words: 'ui.nav.settings', Icon: IconSettings, phone: false },
] as const;

const KEYS = { mac: '⌘ K', other: 'Ctrl K' } as const;

interface PlaceProps {
  to: (typeof PLACES)[number]['to'];
  label: string;
  Icon: ComponentType<{ size?: number; stroke?: number }>;
  phone: boolean;
  narrow: boolean;
}

function Hint({ label, shown, children }: { label: string; shown: boolean; children: ReactNode }) {
  return (
    <Tooltip label={label} position="right" disabled={!shown}>
      <div>{children}</div>
    </Tooltip>
  );
}

function Place({ to, label, Icon, phone, narrow }: PlaceProps) {
  return (
    <li data-phone={phone || undefined}>
      <Hint label={label} shown={narrow}>
        <Link to={to} className={classes.place} activeProps={{ 'data-active': 'true' }} aria-label={label}>
          <Icon size={19} stroke={1.75} />
          <span className={classes.label}>{label}</span>
        </Link>
      </Hint>
    </li>
  );
}

/** Opens the search; its key stands beside it. */
function SearchButton({ narrow }: { narrow: boolean }) {
  const { t } = useTranslation();
  const { search } = useAids();
  const mac = useOs() === 'macos';
  return (
    <Hint label={t('search.title')} shown={narrow}>
      <button
        type="button"
        className={`${classes.place} ${classes.search}`}
        aria-label={t('search.title')}
        aria-keyshortcuts="Control+K Meta+K"
        onClick={search}
      >
        <IconSearch size={19} stroke={1.75} aria-hidden />
        <span className={classes.label}>{t('search.button')}</span>
        <Kbd size="xs" className={classes.label}>
          {mac ? KEYS.mac : KEYS.other}
        </Kbd>
      </button>
    </Hint>
  );
}

/** The search and the rooms of the product; at the end the bell and the signed-in person. */
export function Navigation({ narrow, demo }: { narrow: boolean; demo: boolean }) {
  const { t } = useTranslation();
  const places = PLACES.filter((place) => place.to !== '/inbox' || demo);
  return (
    <nav className={classes.nav} data-narrow={narrow || undefined} aria-label={t('ui.nav.label')}>
      <div className={classes.brand} aria-hidden="true">
        <span className={classes.mark}>
          <IconBolt size={17} stroke={2.2} />
        </span>
        <span className={classes.label}>Ruleyard</span>
      </div>
      <SearchButton narrow={narrow} />
      <ul className={classes.places}>
        {places.map((place) => (
          <Place
            key={place.to}
            to={place.to}
            Icon={place.Icon}
            phone={place.phone}
            label={t(place.words)}
            narrow={narrow}
          />
        ))}
      </ul>
      <div className={classes.end}>
        <Bell />
        <AccountMenu />
      </div>
    </nav>
  );
}
