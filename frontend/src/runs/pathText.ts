/** The way a run took, `yes/no/2`, in words: "Yes → No → 2 steps", the number with its noun. Pure. */
import type { TFunction } from 'i18next';

export function pathText(path: string, t: TFunction): string {
  return path
    .split('/')
    .filter((part) => part !== '')
    .map((part) => {
      if (part === 'yes') return t('runs.took.yes');
      if (part === 'no') return t('runs.took.no');
      if (part === 'otherwise' || part === 'failed' || part === 'refused' || part === 'late')
        return t(`runs.took.${part}`);
      // A way of a choose stands by its name behind a colon.
      if (part.startsWith(':')) return part.slice(1);
      return /^\d+$/.test(part)
        ? t('runs.took.steps', { count: Number(part) }).replaceAll(' ', '\u00a0')
        : part;
    })
    .join(' → ');
}
