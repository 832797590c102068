import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Frame.module.css';
import { Navigation, PhoneHead } from './Navigation';
import { usePhone } from './usePhone';

interface Props {
  /** The room fills the window and the navigation shows icons only. */
  fills: boolean;
  demo: boolean;
  /** Stands right after the skip link, so that a keyboard meets it first. */
  before?: ReactNode;
  children: ReactNode;
}

/** Navigation on the left (bottom on phones) and the room beside it. */
export function Frame({ fills, demo, before, children }: Props) {
  const { t } = useTranslation();
  const phone = usePhone();
  return (
    <div className={classes.frame} data-fills={fills || undefined}>
      <a className="ry-skip" href="#main">
        {t('ui.skip')}
      </a>
      {before}
      {phone && !fills && <PhoneHead />}
      <Navigation narrow={fills} demo={demo} />
      <main id="main" tabIndex={-1} className={classes.main}>
        {fills ? children : <div className={classes.page}>{children}</div>}
      </main>
    </div>
  );
}
