/** Numbers that must not be called, pasted or from a file. What cannot be read stays in the field, to be mended. */
import { Button, FileButton, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type PhonesListed, useForbidPhones } from '../api/doNotCall';
import { DialogActions } from '../ui/DialogActions';
import { useProblemText } from '../ui/States';
import { toastDone } from '../ui/toast';
import { useFocusBack } from '../ui/useFocusBack';
import { homeCode, leftOf } from './pasted';

const SHOWN = 8;
const LONGEST_REASON = 400;

export function ForbidPhones({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useTranslation();
  useFocusBack();
  const words = useProblemText();
  const forbid = useForbidPhones();
  const [text, setText] = useState('');
  const [country, setCountry] = useState(homeCode(i18n.resolvedLanguage ?? 'en'));
  const [said, setSaid] = useState('');
  const [left, setLeft] = useState<{ done: PhonesListed; lines: readonly number[] } | null>(null);

  const summary = ({ added, known, ended }: PhonesListed): string =>
    [
      t('calls.not.added', { count: added }),
      known > 0 ? t('calls.not.known', { count: known }) : '',
      ended > 0 ? t('calls.not.ended', { count: ended }) : '',
    ]
      .filter((one) => one !== '')
      .join(' · ');
  const add = (event: FormEvent): void => {
    event.preventDefault();
    if (text.trim() === '' || forbid.isPending) return;
    forbid.mutate(
      { text, country, said },
      {
        onSuccess: (done) => {
          if (done.added > 0 || done.known > 0) toastDone(summary(done));
          if (done.faults.length === 0) return onClose();
          const rest = leftOf(text, done.faults);
          setText(rest.text);
          setLeft({ done, lines: rest.lines });
        },
      },
    );
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t('calls.not.add')}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <form onSubmit={add}>
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {t('calls.not.what')}
          </Text>
          <Textarea
            data-autofocus
            label={t('calls.not.numbers')}
            description={t('calls.not.numbersHelp')}
            placeholder={t('calls.not.example')}
            autosize
            minRows={5}
            maxRows={12}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          {left !== null && (
            <div role="alert">
              {left.done.faults.slice(0, SHOWN).map((fault, index) => (
                <Text key={fault.line} size="sm" style={{ color: 'var(--ry-bad)', overflowWrap: 'anywhere' }}>
                  {t(`calls.not.fault.${fault.code}`, { line: left.lines[index], text: fault.text })}
                </Text>
              ))}
              {left.done.faults.length > SHOWN && (
                <Text size="sm" style={{ color: 'var(--ry-bad)' }}>
                  {t('calls.not.more', { count: left.done.faults.length - SHOWN })}
                </Text>
              )}
            </div>
          )}
          <TextInput
            label={t('calls.not.country')}
            description={t('calls.not.countryHelp')}
            inputMode="numeric"
            maxLength={4}
            w={{ base: '100%', sm: 320 }}
            value={country}
            onChange={(event) => setCountry(event.currentTarget.value.replace(/\D/g, ''))}
          />
          <TextInput
            label={t('calls.not.reason')}
            description={t('calls.not.reasonHelp')}
            maxLength={LONGEST_REASON}
            value={said}
            onChange={(event) => setSaid(event.currentTarget.value)}
          />
          {forbid.isError && (
            <Text size="sm" role="alert" style={{ color: 'var(--ry-bad)' }}>
              {words(forbid.error)}
            </Text>
          )}
          <DialogActions
            onCancel={onClose}
            before={
              <FileButton
                accept=".csv,.tsv,.txt,text/csv,text/plain"
                onChange={(file) => void file?.text().then(setText)}
              >
                {(props) => (
                  <Button {...props} variant="default" mr="auto">
                    {t('calls.not.file')}
                  </Button>
                )}
              </FileButton>
            }
          >
            <Button type="submit" loading={forbid.isPending} disabled={text.trim() === ''}>
              {t('calls.not.submit')}
            </Button>
          </DialogActions>
        </Stack>
      </form>
    </Modal>
  );
}
