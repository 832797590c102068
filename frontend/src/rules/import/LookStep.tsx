/** The second step: each rule with what is understood of it, names to match, and the chosen one drawn. */
import { Button, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Choices, NO_CHOICES, useImport, useImportCheck } from '../../api/importing';
import type { ImportMatch, ImportTwin } from '../../api/types';
import { LoadError, LoadingRows, useProblemText } from '../../ui/States';
import { toastError } from '../../ui/toast';
import { Comings } from './Comings';
import { HowMuch } from './HowMuch';
import classes from './Import.module.css';
import { Matches } from './Matches';
import { Preview } from './Preview';
import { sameName } from './sameName';
import { useToastImported } from './useToastImported';

interface Props {
  text: string;
  round: number;
  onBack: () => void;
  onDone: () => void;
}

export function LookStep({ text, round, onBack, onDone }: Props) {
  const { t } = useTranslation();
  const inWords = useProblemText();
  const [choices, setChoices] = useState<Choices>(NO_CHOICES);
  const [chosen, setChosen] = useState(0);
  const [step, setStep] = useState<string | null>(null);
  const check = useImportCheck(text, round, choices);
  const send = useImport();
  const toastImported = useToastImported();

  if (check.data === undefined) {
    if (!check.isError) return <LoadingRows />;
    return (
      <LoadError title={t('importing.error')} error={check.error} onRetry={() => void check.refetch()} />
    );
  }
  const { items, names } = check.data;
  const item = items[chosen] ?? items[0];
  const count = items.filter((one) => one.action === 'create' || one.action === 'update').length;

  const match = (made: ImportMatch): void =>
    setChoices({ ...choices, matches: [...choices.matches.filter((one) => !sameName(one, made)), made] });
  const answerTwin = (name: string, twin: ImportTwin): void =>
    setChoices({ ...choices, twins: { ...choices.twins, [name]: twin } });
  const confirm = (): void =>
    send.mutate(
      { text, choices: { ...choices, matches: names.map((one) => one.match) } },
      {
        onSuccess: ({ items: made }) => {
          toastImported(made);
          onDone();
        },
        onError: (error) => toastError(inWords(error)),
      },
    );

  const matches = names.length > 0 && <Matches names={names} onMatch={match} />;
  return (
    <Stack gap="md">
      <div className={classes.columns}>
        <div className={classes.report}>
          {items.length > 1 && <HowMuch items={items} />}
          {items.length > 1 && matches}
          <Comings
            items={items}
            chosen={chosen}
            onChoose={(index, at) => {
              setChosen(index);
              setStep(at);
            }}
            onTwin={answerTwin}
          />
          {items.length <= 1 && matches}
        </div>
        {item !== undefined && <Preview item={item} selected={step} onSelect={setStep} />}
      </div>
      <Group justify="space-between" gap="sm">
        <Button variant="default" onClick={onBack}>
          {t('importing.back')}
        </Button>
        <Button disabled={count === 0 || check.isPlaceholderData} loading={send.isPending} onClick={confirm}>
          {count === 0 ? t('importing.nothing') : t('importing.confirm', { count })}
        </Button>
      </Group>
    </Stack>
  );
}
