/** The file that a step made, to download: for those who may read records. */
import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { reportAddress } from '../api/reports';
import { useMay } from '../api/session';
import { isObject, textAt } from '../model/json';

export function ReportLink({ output }: { output: unknown }) {
  const { t } = useTranslation();
  const may = useMay('editor');
  if (!may || !isObject(output) || typeof output['report'] !== 'number') return null;
  const file = textAt(output, 'file');
  return (
    <Button
      component="a"
      href={reportAddress(output['report'])}
      download={file}
      size="compact-sm"
      variant="default"
      mt={4}
      leftSection={<IconDownload size={15} aria-hidden />}
    >
      {t('runDetail.download', { file })}
    </Button>
  );
}
