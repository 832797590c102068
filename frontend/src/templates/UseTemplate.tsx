/** A template's questions; the sentence above them follows every answer. What comes out is a draft in the builder. */
import { Anchor, Button, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Link, useRouter } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OWN_ZONE, type TemplateAnswers, useMakeDraft, useTemplateDraft } from '../api/templates';
import type { Json, Template } from '../api/types';
import { openedFrom, SentenceText } from '../canvas/SentenceText';
import { noTables, told } from '../canvas/templateTold';
import { useNamedTables } from '../canvas/useNamedTables';
import { useWords } from '../canvas/words';
import { useLanguage } from '../i18n/useLanguage';
import { DialogActions } from '../ui/DialogActions';
import { useProblemText } from '../ui/States';
import { toastError } from '../ui/toast';
import { useFocusBack } from '../ui/useFocusBack';
import { answered, faultOf, sound } from './answers';
import { QuestionField } from './QuestionField';
import classes from './templates.module.css';

const NO_ANSWERS: TemplateAnswers = {};

export function UseTemplate({ template, onClose }: { template: Template; onClose: () => void }) {
  const { t } = useTranslation();
  useFocusBack();
  return (
    <Modal
      opened
      onClose={onClose}
      size={640}
      title={template.name}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <Questions template={template} onClose={onClose} />
    </Modal>
  );
}

function Questions({ template, onClose }: { template: Template; onClose: () => void }) {
  const { t } = useTranslation();
  const router = useRouter();
  const language = useLanguage();
  const words = useProblemText();
  const make = useMakeDraft();
  const [answers, setAnswers] = useState(NO_ANSWERS);
  const [name, setName] = useState<string | null>(null);
  const use = { id: template.id, language, zone: OWN_ZONE, answers: sound(template.questions, answers) };
  const [settled] = useDebouncedValue(use, 250);
  const draft = useTemplateDraft(settled);
  const found = draft.data?.template ?? template;
  const openeds = useMemo(() => [openedFrom(found.document)] as const, [found]);
  const [opened] = openeds;
  const tablesOf = useNamedTables(openeds);
  const tables = useMemo(() => tablesOf(opened), [tablesOf, opened]);
  const texts = useWords(tables);
  const faulty = found.questions.some((question) => faultOf(question, answers[question.id]) !== null);
  const problems = draft.data?.problems.filter((problem) => problem.severity !== 'warning').length ?? 0;

  const answer = (id: string, value: Json) =>
    setAnswers((before) => answered(found.questions, before, id, value));
  const confirm = () =>
    make.mutate(
      { ...use, ...(name === null || name.trim() === '' ? {} : { name: name.trim() }) },
      {
        onSuccess: ({ rule_id }) => {
          if (rule_id === null) return;
          void router.navigate({ to: '/rules/$ruleId', params: { ruleId: String(rule_id) } });
        },
        onError: (error) => toastError(words(error)),
      },
    );
  const fields = (more: boolean) =>
    found.questions
      .filter((question) => question.more === more)
      .map((question, index) => (
        <QuestionField
          key={question.id}
          first={!more && index === 0}
          question={question}
          answer={answers[question.id]}
          about={found.about}
          words={texts}
          onAnswer={(value) => answer(question.id, value)}
        />
      ));
  const more = fields(true);

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!faulty && !make.isPending) confirm();
      }}
    >
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {template.description}
        </Text>
        <section
          className={classes.live}
          aria-label={t('templates.sentence')}
          aria-live="polite"
          data-sentence
        >
          {told(found) ? (
            <SentenceText opened={opened} tables={tables} />
          ) : noTables(found) ? (
            <>
              {t('templates.noTables')}{' '}
              <Anchor component={Link} to="/connections" underline="always" inherit>
                {t('data.noDatabase.action')}
              </Anchor>
            </>
          ) : (
            t('templates.toldLater')
          )}
        </section>
        {fields(false)}
        {more.length > 0 && (
          <details className={classes.found}>
            <summary>{t('templates.found')}</summary>
            <Stack gap="md" component="div">
              {more}
            </Stack>
          </details>
        )}
        <TextInput
          label={t('templates.ruleName')}
          value={name ?? template.name}
          maxLength={120}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {draft.isError && (
          <Text size="sm" role="alert" style={{ color: 'var(--ry-bad)' }}>
            {words(draft.error)}
          </Text>
        )}
        {problems > 0 && <p className={classes.note}>{t('templates.problems', { count: problems })}</p>}
        <DialogActions onCancel={onClose}>
          <Button type="submit" disabled={faulty} loading={make.isPending}>
            {t('templates.open')}
          </Button>
        </DialogActions>
      </Stack>
    </form>
  );
}
