/** Import: give a text, a file or an address → see what is understood, match names, look at it → drafts. */
import { Modal } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFocusBack } from '../../ui/useFocusBack';
import { GiveStep } from './GiveStep';
import { LookStep } from './LookStep';

interface Props {
  /** A file that was dropped on the page. */
  file: File | null;
  onClose: () => void;
}

/** `round` counts the texts that were looked at. */
type Looked = { readonly text: string; readonly round: number };

export default function ImportDialog({ file, onClose }: Props) {
  const { t } = useTranslation();
  useFocusBack();
  const narrow = useMediaQuery('(max-width: 992px)', window.innerWidth <= 992);
  const [text, setText] = useState('');
  const [looked, setLooked] = useState<Looked | null>(null);
  const [round, setRound] = useState(1);
  return (
    <Modal
      opened
      onClose={onClose}
      size={looked === null ? 'lg' : 1180}
      fullScreen={narrow}
      title={t('importing.title')}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      {looked === null ? (
        <GiveStep
          text={text}
          file={file}
          onText={setText}
          onLooked={(found) => {
            setLooked({ text: found, round });
            setRound(round + 1);
          }}
        />
      ) : (
        <LookStep
          text={looked.text}
          round={looked.round}
          onBack={() => {
            setText(looked.text);
            setLooked(null);
          }}
          onDone={onClose}
        />
      )}
    </Modal>
  );
}
