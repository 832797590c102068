import { Tabs } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../api/session';
import { SETTINGS_TABS, type SettingsTab } from '../routes/search';
import { PageHeader } from '../ui/PageHeader';
import phone from '../ui/phoneTabs.module.css';
import { AccountTab } from './AccountTab';
import { AuditTab } from './AuditTab';
import { CalendarsTab } from './calendars/CalendarsTab';
import { KeysTab } from './KeysTab';
import { PeopleTab } from './PeopleTab';
import { StorageTab } from './StorageTab';

const route = getRouteApi('/shell/settings');

export default function SettingsPage() {
  const { t } = useTranslation();
  const admin = useMay('admin');
  const navigate = route.useNavigate();
  const asked = route.useSearch().tab ?? 'account';
  const tabs: readonly SettingsTab[] = admin ? SETTINGS_TABS : ['account', 'calendars', 'storage'];
  const tab = tabs.find((one) => one === asked) ?? 'account';
  const choose = (value: string | null) => {
    const found = tabs.find((one) => one === value);
    if (found !== undefined) void navigate({ search: found === 'account' ? {} : { tab: found } });
  };
  // On a phone the tabs scroll: the open one is in sight, whoever opened it.
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current
      ?.querySelector(`[data-tab="${tab}"]`)
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [tab]);
  return (
    <>
      <PageHeader title={t('settings.title')} />
      <Tabs value={tab} onChange={choose} keepMounted={false}>
        <Tabs.List ref={list} mb="lg" className={phone.tabs ?? ''}>
          {tabs.map((one) => (
            <Tabs.Tab key={one} value={one} data-tab={one}>
              {t(`settings.tab.${one}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="account">
          <AccountTab />
        </Tabs.Panel>
        <Tabs.Panel value="people">
          <PeopleTab />
        </Tabs.Panel>
        <Tabs.Panel value="keys">
          <KeysTab />
        </Tabs.Panel>
        <Tabs.Panel value="calendars">
          <CalendarsTab />
        </Tabs.Panel>
        <Tabs.Panel value="audit">
          <AuditTab />
        </Tabs.Panel>
        <Tabs.Panel value="storage">
          <StorageTab />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
