/** Approve or refuse, with a comment. What becomes of the answer is the caller's matter. */
import { Button, Group, Text, Textarea } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GivenAnswer } from '../api/approvals';

type Props = {
  /** What is decided: names the buttons for those who do not see them beside the question. */
  readonly question: string;
  readonly commentNeeded: boolean;
  readonly busy: GivenAnswer['answer'] | null;
  readonly onAnswer: (given: GivenAnswer) => void;
  readonly wide?: boolean;
};

export function Decide({ question, commentNeeded, busy, onAnswer, wide = false }: Props) {
  const { t } = useTranslation();
  const [comment, setComment] = useState('');
  const [missing, setMissing] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const answer = (chosen: GivenAnswer['answer']): void => {
    if (chosen === 'refused' && commentNeeded && comment.trim() === '') {
      setMissing(true);
      field.current?.focus();
      return;
    }
    onAnswer({ answer: chosen, comment });
  };
  return (
    <div data-decide>
      <Textarea
        ref={field}
        label={t(commentNeeded ? 'approval.commentNeeded' : 'approval.comment')}
        rows={2}
        resize="vertical"
        maxLength={2000}
        value={comment}
        error={missing ? t('approval.sayWhy') : undefined}
        onChange={(event) => {
          setComment(event.currentTarget.value);
          setMissing(false);
        }}
      />
      <Group gap="sm" mt="sm" grow={wide} preventGrowOverflow={false}>
        <Button
          size={wide ? 'md' : 'sm'}
          leftSection={<IconCheck size={17} aria-hidden />}
          aria-label={`${t('approval.approve')}: ${question}`}
          loading={busy === 'approved'}
          disabled={busy === 'refused'}
          onClick={() => answer('approved')}
        >
          {t('approval.approve')}
        </Button>
        <Button
          size={wide ? 'md' : 'sm'}
          variant="default"
          leftSection={<IconX size={17} aria-hidden />}
          aria-label={`${t('approval.refuse')}: ${question}`}
          loading={busy === 'refused'}
          disabled={busy === 'approved'}
          onClick={() => answer('refused')}
        >
          {t('approval.refuse')}
        </Button>
      </Group>
    </div>
  );
}

/** Who answered what, or why nobody can any more. */
export function Decided({
  standing,
  name,
  comment,
  more = '',
}: {
  standing: 'approved' | 'refused' | 'late' | 'cancelled';
  name: string;
  comment: string;
  more?: string;
}) {
  const { t } = useTranslation();
  if (standing === 'late' || standing === 'cancelled')
    return <Text size="sm">{t(`approval.over.${standing}`)}</Text>;
  return (
    <div>
      <Text size="sm" fw={600}>
        {t(`approval.by.${standing}`, { name })}
        {more !== '' && (
          <Text span size="sm" c="dimmed">
            {' '}
            ({more})
          </Text>
        )}
      </Text>
      {comment !== '' && (
        <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {comment}
        </Text>
      )}
    </div>
  );
}
