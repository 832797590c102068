/** Reports as rows; on a phone each is a card. */
import { Anchor, Button, Table, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { type ReportInfo, reportAddress } from '../api/reports';
import { useMay } from '../api/session';
import { bytes } from '../ui/bytes';
import { day } from '../ui/days';
import { useLocale } from '../ui/locale';
import { RelativeTime } from '../ui/RelativeTime';
import classes from './reports.module.css';

export function ReportTable({ reports }: { reports: readonly ReportInfo[] }) {
  const { t } = useTranslation();
  return (
    <div className={classes.scroll}>
      <Table className={classes.table}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('reports.column.title')}</Table.Th>
            <Table.Th>{t('reports.column.rule')}</Table.Th>
            <Table.Th ta="right">{t('reports.column.rows')}</Table.Th>
            <Table.Th ta="right">{t('reports.column.size')}</Table.Th>
            <Table.Th>{t('reports.column.made')}</Table.Th>
            <Table.Th>{t('reports.column.kept')}</Table.Th>
            <Table.Th aria-label={t('reports.column.download')} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {reports.map((report) => (
            <Row key={report.id} report={report} />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Row({ report }: { report: ReportInfo }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const may = useMay('editor');
  return (
    <Table.Tr data-report={report.id}>
      <Table.Td className={classes.name ?? ''}>
        <Text size="sm" fw={600}>
          {report.title}
        </Text>
        <Text size="xs" c="dimmed">
          {report.format.toUpperCase()}
        </Text>
      </Table.Td>
      <Table.Td>
        <Anchor
          component={Link}
          to={`/runs/${report.run_id}`}
          size="sm"
          underline="always"
          c="var(--mantine-color-text)"
          lineClamp={2}
          title={report.rule_name}
          aria-label={t('reports.run', { rule: report.rule_name })}
        >
          {report.rule_name}
        </Anchor>
      </Table.Td>
      <Table.Td className={classes.right ?? ''} data-label={t('reports.column.rows')}>
        {report.rows.toLocaleString(locale)}
      </Table.Td>
      <Table.Td className={classes.right ?? ''} data-label={t('reports.column.size')}>
        {bytes(report.size_bytes, locale)}
      </Table.Td>
      <Table.Td data-label={t('reports.column.made')}>
        <RelativeTime at={report.made_at} />
      </Table.Td>
      <Table.Td data-label={t('reports.column.kept')} style={{ whiteSpace: 'nowrap' }}>
        {day(report.kept_until, locale)}
      </Table.Td>
      <Table.Td className={classes.right ?? ''}>
        {may ? (
          <Button
            component="a"
            href={reportAddress(report.id)}
            download={report.file}
            variant="default"
            size="compact-sm"
            leftSection={<IconDownload size={15} aria-hidden />}
            aria-label={t('reports.downloadFile', { file: report.file })}
          >
            {t('reports.download')}
          </Button>
        ) : (
          <Text size="xs" c="dimmed">
            {t('reports.forEditors')}
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
