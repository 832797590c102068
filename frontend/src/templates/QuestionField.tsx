/** One question of a template, as a field of the kind that its answer needs. */
import '@mantine/dates/styles.css';
import { Button, NumberInput, Select, TextInput } from '@mantine/core';
import { TimeInput } from '@mantine/dates';
import { useTranslation } from 'react-i18next';
import type { Json, TemplateQuestion } from '../api/types';
import { humanise } from '../model/names';
import type { Words } from '../model/wording';
import { useLocale } from '../ui/locale';
import { separators } from '../ui/separators';
import { faultOf } from './answers';
import { MessageField } from './MessageField';

interface Props {
  question: TemplateQuestion;
  /** What somebody answered here; undefined while the found answer stands. */
  answer: Json | undefined;
  /** The table that texts speak of, `connection schema.table`. */
  about: string | null;
  words: Words;
  /** Where the keyboard is when the dialog opens. */
  first: boolean;
  onAnswer: (answer: Json) => void;
}

export function QuestionField({ question, answer, about, words, first, onAnswer }: Props) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { label, kind } = question;
  const value = answer === undefined ? question.answer : answer;
  const fault = faultOf(question, answer);
  const error = fault === null ? null : t(`templates.fault.${fault}`);
  const text = value === null || value === undefined ? '' : String(value);
  const focus = first ? { 'data-autofocus': true } : {};

  if (kind === 'text')
    return (
      <MessageField
        label={label}
        value={text}
        about={about}
        words={words}
        error={error}
        onChange={onAnswer}
      />
    );
  if (kind === 'time')
    return (
      <TimeInput
        {...focus}
        label={label}
        value={text}
        error={error}
        onChange={(event) => onAnswer(event.currentTarget.value)}
      />
    );
  if (kind === 'number' || question.value_type === 'integer' || question.value_type === 'number')
    return (
      <NumberInput
        {...focus}
        label={label}
        value={typeof value === 'number' ? value : text}
        error={error}
        {...separators(locale)}
        allowDecimal={question.value_type === 'number'}
        {...(kind === 'number' ? { min: question.least, max: question.most, clampBehavior: 'strict' } : {})}
        onChange={(next) => onAnswer(typeof next === 'number' ? next : null)}
      />
    );
  if (question.value_type === 'boolean')
    return (
      <Select
        {...focus}
        label={label}
        value={typeof value === 'boolean' ? String(value) : null}
        data={[
          { value: 'true', label: words.value(true, null) },
          { value: 'false', label: words.value(false, null) },
        ]}
        onChange={(next) => next !== null && onAnswer(next === 'true')}
      />
    );
  if (kind === 'address') {
    const [tried] = question.options.map((option) => String(option.value));
    return (
      <div>
        <TextInput
          {...focus}
          label={label}
          type="url"
          placeholder="https://"
          value={text}
          error={error}
          onChange={(event) => onAnswer(event.currentTarget.value)}
        />
        {tried !== undefined && tried !== text && (
          <Button size="compact-sm" variant="subtle" mt={4} ml={-8} onClick={() => onAnswer(tried)}>
            {t('templates.tryHere')}
          </Button>
        )}
      </div>
    );
  }
  if (question.options.length > 0 || ['table', 'field', 'recipient'].includes(kind))
    return (
      <Choice
        first={first}
        question={question}
        value={text === '' ? null : text}
        words={words}
        onAnswer={onAnswer}
      />
    );
  return (
    <TextInput
      {...focus}
      label={label}
      value={text}
      error={error}
      onChange={(event) => onAnswer(event.currentTarget.value)}
    />
  );
}

interface ChoiceProps {
  first: boolean;
  question: TemplateQuestion;
  value: string | null;
  words: Words;
  onAnswer: (answer: Json) => void;
}

function Choice({ first, question, value, words, onAnswer }: ChoiceProps) {
  const { t } = useTranslation();
  const several = new Set(question.options.map((option) => String(option.value).split(' ')[0])).size > 1;
  const labelOf = (option: TemplateQuestion['options'][number]): string => {
    const told = String(option.value);
    switch (question.kind) {
      case 'table':
        return several ? `${option.label} (${told.split(' ')[0]})` : option.label;
      case 'recipient':
        return words.field(told);
      case 'audience':
        return t(`templates.audience.${told}`, { defaultValue: option.label });
      case 'field':
        // Of the table that the rule starts from, by the name that people gave it.
        return words.field(`after.${told}`);
      default:
        return humanise(told);
    }
  };
  return (
    <Select
      {...(first ? { 'data-autofocus': true } : {})}
      label={question.label}
      placeholder={t('templates.choose')}
      nothingFoundMessage={t('templates.nothing')}
      searchable
      openOnFocus={false}
      allowDeselect={false}
      value={value}
      data={question.options.map((option) => ({ value: String(option.value), label: labelOf(option) }))}
      maxDropdownHeight={280}
      onChange={(next) => next !== null && onAnswer(next)}
    />
  );
}
