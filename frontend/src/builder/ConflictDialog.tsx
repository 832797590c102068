/** Somebody else saved this rule meanwhile: what they changed and what you changed, and which of them goes on. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCreateRule } from '../api/rules';
import { titleKey } from '../canvas/face';
import { changesByStep, type StepChange, type Told } from '../model/changes';
import { changesBetween } from '../model/differ';
import { nodesOf, type Opened, open } from '../model/graph';
import { ChangeLines } from '../review/ChangeLines';
import changed from '../review/changes.module.css';
import { Pill } from '../ui/Pill';
import { RelativeTime } from '../ui/RelativeTime';
import { useProblemText } from '../ui/States';
import { toastError } from '../ui/toast';
import { takeTheirs } from './autosave';
import { useRoom } from './context';
import { currentDocument, useBuilder, useBuilderStore, useOpened } from './store';

const TONES = { new: 'good', changed: 'warn', removed: 'bad', moved: 'busy' } as const;

export function ConflictDialog() {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const navigate = useNavigate();
  const create = useCreateRule();
  const inWords = useProblemText();
  const theirs = useBuilder((state) => (state.save === 'conflict' ? state.theirs : null));
  const [seeing, setSeeing] = useState(false);
  const who = theirs?.who || t('builder.conflict.somebody');
  const take = (): void => {
    setSeeing(false);
    takeTheirs(store);
  };
  const keepMine = (): void => {
    const mine = currentDocument(store);
    const name = t('builder.conflict.copyName', {
      name: typeof mine['name'] === 'string' ? mine['name'] : '',
    });
    create.mutate(
      { document: { ...mine, name } },
      {
        onSuccess: (rule) => {
          take();
          void navigate({ to: '/rules/$ruleId', params: { ruleId: String(rule.id) } });
        },
        onError: (error) => toastError(inWords(error)),
      },
    );
  };
  return (
    <Modal
      opened={theirs !== null}
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      size={seeing ? 'xl' : 'md'}
      title={t('builder.conflict.title')}
    >
      <Stack gap="md">
        <Text size="sm">
          {t('builder.conflict.text', { who })} {theirs && <RelativeTime at={theirs.at} />}
        </Text>
        <Text size="sm" c="dimmed">
          {t('builder.conflict.nothingLost')}
        </Text>
        {seeing && theirs && <Both theirs={theirs.document} who={theirs.who} />}
        <Group justify="flex-end" gap="sm">
          {!seeing && (
            <Button variant="subtle" mr="auto" onClick={() => setSeeing(true)} data-autofocus>
              {t('review.conflict.see')}
            </Button>
          )}
          <Button variant="default" loading={create.isPending} onClick={keepMine}>
            {t('builder.conflict.keepMine')}
          </Button>
          <Button onClick={take}>{t('review.conflict.take')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** Both sides since the draft that they began with. */
function Both({ theirs, who }: { theirs: Parameters<typeof open>[0]; who: string }) {
  const { t } = useTranslation();
  const base = useBuilder((state) => state.saved);
  const mine = useOpened();
  const other = useMemo(() => open(theirs), [theirs]);
  return (
    <Group align="flex-start" grow preventGrowOverflow={false} gap="lg" wrap="wrap">
      <Side
        title={t(who === '' ? 'review.conflict.theirsOfSomebody' : 'review.conflict.theirs', { who })}
        old={base}
        now={other}
        name="theirs"
      />
      <Side title={t('review.conflict.mine')} old={base} now={mine} name="mine" />
    </Group>
  );
}

type SideProps = {
  readonly title: string;
  readonly old: Opened;
  readonly now: Opened;
  readonly name: string;
};

function Side({ title, old, now, name }: SideProps) {
  const { t } = useTranslation();
  const { words } = useRoom();
  const told: Told = {
    words,
    say: (key, values) => String(t(`versions.${key}`, { ...values, defaultValue: key.split('.').at(-1) })),
    title: (node) =>
      node.kind === 'condition' ? t('builder.step.condition') : t(`builder.${titleKey(node)}`, { count: 1 }),
  };
  const changes = changesByStep(changesBetween(old, now), { old, now }, told);
  const titles = new Map([...nodesOf(old), ...nodesOf(now)].map((node) => [node.id, told.title(node)]));
  return (
    <section aria-label={title} data-side={name} style={{ flexBasis: 280, minWidth: 0 }}>
      <Text size="sm" fw={600} mb={8}>
        {title}
      </Text>
      {changes.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('review.conflict.same')}
        </Text>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls is reached by keyboard
        <ul className={changed.cards} tabIndex={0}>
          {changes.map((change) => (
            <Card key={change.step} change={change} title={titles.get(change.step)} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Card({ change, title }: { change: StepChange; title: string | undefined }) {
  const { t } = useTranslation();
  return (
    <li className={changed.card}>
      <div className={changed.head}>
        <Pill tone={TONES[change.mark]}>{t(`versions.mark.${change.mark}`)}</Pill>
        {title ?? t('versions.wholeRule')}
      </div>
      <ChangeLines lines={change.lines} />
    </li>
  );
}
