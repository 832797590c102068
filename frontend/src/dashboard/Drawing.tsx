/** The drawn chart, alone in its chunk: recharts is heavy and only the dashboard needs it. */
import '@mantine/charts/styles.css';
import { AreaChart } from '@mantine/charts';
import { useReducedMotion } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';

interface Props {
  rows: { label: string; succeeded: number; failed: number; other: number }[];
}

export default function Drawing({ rows }: Props) {
  const { t } = useTranslation();
  const still = useReducedMotion(undefined, { getInitialValueInEffect: false });
  const others = rows.some((row) => row.other > 0);
  return (
    <AreaChart
      h={290}
      data={rows}
      dataKey="label"
      withLegend
      // As high as its words need: on a phone they may take two lines.
      legendProps={{ verticalAlign: 'top' }}
      curveType="monotone"
      strokeWidth={2}
      tickLine="none"
      gridAxis="x"
      withDots={rows.length <= 31}
      dotProps={{ r: 3.5, strokeWidth: 0 }}
      areaProps={{ isAnimationActive: !still, animationDuration: 300, animationEasing: 'ease-out' }}
      yAxisProps={{ allowDecimals: false, width: 48 }}
      xAxisProps={{ minTickGap: 8 }}
      series={[
        { name: 'failed', label: t('dashboard.chart.failed'), color: 'red.6' },
        ...(others ? [{ name: 'other', label: t('dashboard.chart.other'), color: 'blue.6' }] : []),
        { name: 'succeeded', label: t('dashboard.chart.succeeded'), color: 'teal.7' },
      ]}
    />
  );
}
