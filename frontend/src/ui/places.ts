/** The rooms of the product, in the order of the navigation. Four of them have a place in a phone's bar. */
import {
  IconBolt,
  IconChartBar,
  IconDatabase,
  IconFileSpreadsheet,
  IconHistory,
  IconMailOpened,
  IconPhoneCall,
  IconPlug,
  IconSettings,
  IconTemplate,
  IconUserCheck,
} from '@tabler/icons-react';

export const PLACES = [
  { to: '/rules', words: 'ui.nav.rules', Icon: IconBolt, phone: true },
  { to: '/runs', words: 'ui.nav.runs', Icon: IconHistory, phone: true },
  { to: '/approvals', words: 'ui.nav.approvals', Icon: IconUserCheck, phone: false },
  { to: '/calls', words: 'ui.nav.calls', Icon: IconPhoneCall, phone: false },
  { to: '/dashboard', words: 'ui.nav.dashboard', Icon: IconChartBar, phone: true },
  { to: '/data', words: 'ui.nav.data', Icon: IconDatabase, phone: true },
  { to: '/reports', words: 'ui.nav.reports', Icon: IconFileSpreadsheet, phone: false },
  { to: '/connections', words: 'ui.nav.connections', Icon: IconPlug, phone: false },
  { to: '/templates', words: 'ui.nav.templates', Icon: IconTemplate, phone: false },
  { to: '/inbox', words: 'ui.nav.inbox', Icon: IconMailOpened, phone: false },
  { to: '/settings', words: 'ui.nav.settings', Icon: IconSettings, phone: false },
] as const;

export type Room = (typeof PLACES)[number];
