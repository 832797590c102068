/** Where imports come in on the rules page: the dialog, and a file that is dropped anywhere on the page. */
import { Text } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Import.module.css';
import { useFileDrop } from './useFileDrop';

// The drawing of a rule is heavy: it comes when somebody imports.
const ImportDialog = lazy(() => import('./ImportDialog'));

interface Props {
  opened: boolean;
  onOpen: () => void;
  onClose: () => void;
}

export function ImportDoor({ opened, onOpen, onClose }: Props) {
  const { t } = useTranslation();
  const [file, setFile] = useState<File | null>(null);
  const over = useFileDrop((dropped) => {
    setFile(dropped);
    onOpen();
  });
  return (
    <>
      {opened && (
        <Suspense fallback={null}>
          <ImportDialog
            file={file}
            onClose={() => {
              setFile(null);
              onClose();
            }}
          />
        </Suspense>
      )}
      {over && (
        <div className={classes.drop} aria-hidden>
          <div className={classes.dropHere}>
            <IconFileImport size={36} stroke={1.5} />
            <Text fw={600}>{t('importing.drop')}</Text>
          </div>
        </div>
      )}
    </>
  );
}
