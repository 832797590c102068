/** Says that a field in a text does not exist, and offers the nearest one that does. */
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { pill } from '../model/template';

export function UnknownField({
  path,
  suggestion,
  onTake,
}: {
  path: string;
  suggestion: string | null;
  onTake: (name: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <Text size="xs" c="var(--mantine-color-error)" mt={4}>
      {t('builder.form.notAField', { field: pill(path) })}{' '}
      {suggestion !== null && (
        <button
          type="button"
          onClick={() => onTake(suggestion)}
          style={{
            padding: 0,
            border: 0,
            background: 'none',
            color: 'inherit',
            font: 'inherit',
            fontWeight: 600,
            textDecoration: 'underline',
            cursor: 'pointer',
          }}
        >
          {t('builder.form.didYouMean', { field: `{{${suggestion}}}` })}
        </button>
      )}
    </Text>
  );
}
