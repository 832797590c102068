import {
  IconBolt,
  IconDatabase,
  IconDeviceDesktop,
  IconFileText,
  IconHelpCircle,
  IconHistory,
  IconLanguage,
  IconMap2,
  IconMoon,
  IconPlus,
  IconSun,
  IconUpload,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';

const ICONS: Record<string, ComponentType<{ size?: number; stroke?: number; 'aria-hidden'?: boolean }>> = {
  rules: IconBolt,
  runs: IconHistory,
  records: IconDatabase,
  pages: IconFileText,
  new: IconPlus,
  import: IconUpload,
  help: IconHelpCircle,
  tour: IconMap2,
  light: IconSun,
  dark: IconMoon,
  auto: IconDeviceDesktop,
  language: IconLanguage,
};

/** The picture of an entry of the search. */
export function EntryIcon({ name }: { name: string }) {
  const Icon = ICONS[name] ?? IconFileText;
  return <Icon size={18} stroke={1.75} aria-hidden />;
}
