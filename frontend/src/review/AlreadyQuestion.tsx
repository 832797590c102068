/** "What about the 214 leads that already match?" Counted while the dialog is open; never keeps anybody from going on. */
import { Anchor, Loader, Progress, Radio, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconHistory } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { type Counted, FOUND_MOST, useMatching } from '../api/already';
import type { Already } from '../api/rules';
import type { Words } from '../model/wording';
import { useLocale } from '../ui/locale';
import { inRow } from '../ui/separators';
import classes from './review.module.css';

type Props = {
  readonly ruleId: number;
  /** The version that would go on; null: the draft. */
  readonly version: number | null;
  /** Which draft. */
  readonly of: string;
  readonly words: Words;
  readonly value: Already;
  readonly onChange: (value: Already) => void;
};

export function AlreadyQuestion({ ruleId, version, of, words, value, onChange }: Props) {
  const { t } = useTranslation();
  const { counted, failed, again } = useMatching(ruleId, version, of, true);
  const asks = counted !== null && counted.found > 0;
  if (failed && !asks) {
    return (
      <div className={classes.rest}>
        <Text size="sm" role="status" data-already="failed">
          {t('review.already.failed')}{' '}
          <Anchor component="button" type="button" size="sm" underline="always" onClick={again}>
            {t('review.already.again')}
          </Anchor>
        </Text>
      </div>
    );
  }
  if (counted === null) {
    return (
      <div className={classes.rest} role="status" data-already="going">
        <Loader size={18} aria-hidden />
        <Text size="sm">{t('review.already.looking')}</Text>
      </div>
    );
  }
  if (counted.whyNot === 'before') {
    return (
      <div className={classes.rest}>
        <IconHistory size={20} stroke={1.7} aria-hidden />
        <Text size="sm" data-already="before">
          {t('review.already.before')}
        </Text>
      </div>
    );
  }
  if (counted.whyNot !== '') return null;
  if (counted.found === 0 && !counted.going && !counted.more) {
    return (
      <div className={classes.rest}>
        <IconCircleCheck size={20} stroke={1.7} aria-hidden />
        <Text size="sm" role="status" data-already="none">
          {t(`${said(counted)}.none`)} <Undecided counted={counted} />
        </Text>
      </div>
    );
  }
  return <Question counted={counted} words={words} value={value} onChange={onChange} />;
}

/** Of a date: those whose moment has passed. */
function said({ passed }: Counted): 'review.already' | 'review.already.passed' {
  return passed ? 'review.already.passed' : 'review.already';
}

type QuestionProps = Pick<Props, 'words' | 'value' | 'onChange'> & { readonly counted: Counted };

function Question({ counted, words, value, onChange }: QuestionProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const name = words.table(counted.table);
  const table = locale.startsWith('en') && /^[A-Z][a-z ]/.test(name) ? name.toLowerCase() : name;
  const { found, going, more } = counted;
  const asked = (): string => {
    const words = said(counted);
    if (found === 0) return t(`${words}.askedAny`, { table });
    if (more) return t(`${words}.askedMore`, { table, count: Math.min(found, FOUND_MOST) });
    return t(going ? `${words}.askedSoFar` : `${words}.asked`, { table, count: found });
  };
  return (
    <Stack gap={8} className={classes.question} data-already={going ? 'going' : 'asked'} data-found={found}>
      <Radio.Group
        label={asked()}
        value={value}
        onChange={(chosen) => onChange(chosen === 'run' ? 'run' : 'leave')}
        classNames={{ label: classes.asked ?? '' }}
      >
        <Sample counted={counted} />
        <Stack gap={10} mt="xs">
          <Radio
            value="leave"
            label={t(`${said(counted)}.leave`)}
            description={t(`${said(counted)}.leaveHint`)}
          />
          <Radio
            value="run"
            label={t('review.already.run')}
            description={`${t('review.already.runHint')} ${
              counted.ranBefore > 0 ? t('review.already.ranBefore', { count: counted.ranBefore }) : ''
            }`}
          />
        </Stack>
      </Radio.Group>
      {going ? <Going counted={counted} /> : <Undecided counted={counted} />}
    </Stack>
  );
}

/** Some of them by name. */
function Sample({ counted }: { counted: Counted }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { sample, found, going, more } = counted;
  if (sample.length === 0) return null;
  const rest = found - sample.length;
  const names =
    going || more || rest <= 0 ? sample : [...sample, t('review.already.others', { count: rest })];
  const list = going || more ? inRow(locale, names) : new Intl.ListFormat(locale).format(names);
  return (
    <Text size="sm" c="dimmed" data-sample>
      {going || more ? `${list} …` : list}
    </Text>
  );
}

function Going({ counted }: { counted: Counted }) {
  const { t } = useTranslation();
  const { looked, about } = counted;
  const known = about !== null && about >= looked && about > 0;
  return (
    <div>
      <Text size="xs" c="dimmed" role="status">
        {known
          ? t('review.already.lookedOf', { count: looked, about })
          : t('review.already.looked', { count: looked })}
      </Text>
      {known && (
        <Progress value={(looked / about) * 100} size="sm" mt={4} aria-label={t('review.already.progress')} />
      )}
    </div>
  );
}

function Undecided({ counted }: { counted: Counted }) {
  const { t } = useTranslation();
  if (counted.undecided === 0) return null;
  return (
    <Text size="xs" c="dimmed" span>
      {t('review.already.undecided', { count: counted.undecided })}
    </Text>
  );
}
