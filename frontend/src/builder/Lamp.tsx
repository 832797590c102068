import { Tooltip } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { JSONValue } from '../model/json';
import classes from './builder.module.css';
import { useRoom } from './context';
import { lampOf, testData, valueAt } from './lamp';
import { useBuilder } from './store';

type Props = { readonly logic: JSONValue; readonly path: string | null; readonly complete: boolean };

const SIGNS = { true: '✓', false: '–', error: '?' } as const;

/** A small light: does this part hold for the test record? Its tooltip says what the record has. */
export function Lamp({ logic, path, complete }: Props) {
  const { t } = useTranslation();
  const { words } = useRoom();
  const testing = useBuilder((state) => state.testing);
  const data = useMemo(() => testData(testing), [testing]);
  const truth = complete ? lampOf(logic, data) : null;
  if (truth === null) return null;
  const value = path === null ? undefined : valueAt(data, path);
  const has =
    path === null
      ? ''
      : t('builder.test.has', { value: value === undefined ? '–' : words.value(value, path) });
  const text = `${t(`builder.lamp.${truth}`)} ${has}`;
  return (
    <Tooltip label={text}>
      <span className={classes.lamp} data-truth={truth} role="img" aria-label={text}>
        {SIGNS[truth]}
      </span>
    </Tooltip>
  );
}
