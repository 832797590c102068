import { Kbd, Tooltip } from '@mantine/core';
import { useOs } from '@mantine/hooks';
import { IconBolt, IconSearch } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ComponentType, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useApprovalCount } from '../api/approvals';
import { AccountMenu } from './AccountMenu';
import { useAids } from './aids';
import { Bell } from './Bell';
import classes from './Navigation.module.css';
import { PLACES, type Room } from './places';
import { usePhone } from './usePhone';

const KEYS = { mac: '⌘ K', other: 'Ctrl K' } as const;

interface PlaceProps {
  to: Room['to'];
  label: string;
  Icon: ComponentType<{ size?: number; stroke?: number }>;
  narrow: boolean;
  /** How many things wait there. */
  count?: number;
}

function Hint({ label, shown, children }: { label: string; shown: boolean; children: ReactNode }) {
  return (
    <Tooltip label={label} position="right" disabled={!shown}>
      <div>{children}</div>
    </Tooltip>
  );
}

function Place({ to, label, Icon, narrow, count = 0 }: PlaceProps) {
  return (
    <li>
      <Hint label={label} shown={narrow}>
        <Link
          to={to}
          className={classes.place}
          activeProps={{ 'data-active': 'true' }}
          aria-label={count > 0 ? `${label} (${count})` : label}
        >
          <Icon size={19} stroke={1.75} />
          <span className={classes.label}>{label}</span>
          {count > 0 && <span className={classes.badge}>{count > 99 ? '99+' : count}</span>}
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

/** The search and the rooms of the product; at the end the bell and the signed-in person. On a phone, five places. */
export function Navigation({ narrow, demo }: { narrow: boolean; demo: boolean }) {
  const { t } = useTranslation();
  const phone = usePhone();
  const waiting = useApprovalCount().data?.open ?? 0;
  const places = PLACES.filter((place) => (phone ? place.phone : place.to !== '/inbox' || demo));
  return (
    <nav className={classes.nav} data-narrow={narrow || undefined} aria-label={t('ui.nav.label')}>
      {!phone && (
        <>
          <Brand />
          <SearchButton narrow={narrow} />
        </>
      )}
      <ul className={classes.places}>
        {places.map((place) => (
          <Place
            key={place.to}
            to={place.to}
            Icon={place.Icon}
            label={t(place.words)}
            narrow={narrow}
            count={place.to === '/approvals' ? waiting : 0}
          />
        ))}
        {phone && (
          <li>
            <AccountMenu places={PLACES.filter((place) => !place.phone && (place.to !== '/inbox' || demo))} />
          </li>
        )}
      </ul>
      {!phone && (
        <div className={classes.end}>
          <Bell />
          <AccountMenu />
        </div>
      )}
    </nav>
  );
}

/** Above a phone's page: what the bar below has no room for. */
export function PhoneHead() {
  return (
    <header className={classes.head}>
      <Brand />
      <SearchButton narrow />
      <Bell />
    </header>
  );
}

function Brand() {
  return (
    <div className={classes.brand} aria-hidden="true">
      <span className={classes.mark}>
        <IconBolt size={17} stroke={2.2} />
      </span>
      <span className={classes.label}>Ruleyard</span>
    </div>
  );
}
