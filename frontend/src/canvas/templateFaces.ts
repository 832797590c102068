/** How each category looks: its icon, and one of the theme's tones. */
import { IconChecklist, IconMoodSmile, IconPhone, IconSpeakerphone, IconTrophy } from '@tabler/icons-react';
import type { TemplateCategory } from '../api/types';
import type { Category } from '../ui/theme';

export const CATEGORY_FACES: Readonly<
  Record<TemplateCategory, { readonly Icon: typeof IconPhone; readonly tone: Category }>
> = {
  leads: { Icon: IconMoodSmile, tone: 'when' },
  calls: { Icon: IconPhone, tone: 'tell' },
  deals: { Icon: IconTrophy, tone: 'if' },
  tasks: { Icon: IconChecklist, tone: 'data' },
  marketing: { Icon: IconSpeakerphone, tone: 'connect' },
};
