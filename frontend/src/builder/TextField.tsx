/** One text of an action, with fields of the record in it. */
import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type JSONObject, type JSONValue, textAt } from '../model/json';
import type { RuleNode } from '../model/rule';
import { fromTemplate, toTemplate } from '../model/template';
import { PillText } from './PillText';
import { Place } from './Place';
import { AdvancedValue } from './ValueField';

export type FieldsProps = {
  readonly node: RuleNode;
  readonly fields: JSONObject;
  readonly set: (field: string, value: JSONValue | undefined, typing?: boolean) => void;
};

type TextFieldProps = FieldsProps & {
  readonly field: string;
  readonly lines?: number;
  readonly description?: string;
  /** Where another one than the field's own says more. */
  readonly label?: string;
  readonly autoFocus?: boolean;
  readonly placeholder?: string;
};

export function TextField({
  node,
  fields,
  set,
  field,
  lines = 1,
  description,
  autoFocus,
  placeholder,
  label: otherLabel,
}: TextFieldProps) {
  const { t } = useTranslation();
  const label = otherLabel ?? t(`builder.do.${textAt(node, 'do')}.${field}`);
  const text = toTemplate(fields[field]);
  if (text === null) {
    return (
      <Place at={`fields/${field}`}>
        <Stack gap={4}>
          <Text size="sm" fw={600}>
            {label}
          </Text>
          <AdvancedValue value={fields[field]} />
        </Stack>
      </Place>
    );
  }
  return (
    <Place at={`fields/${field}`}>
      <PillText
        label={label}
        value={text}
        lines={lines}
        autoFocus={autoFocus ?? false}
        onChange={(typed) => set(field, fromTemplate(typed), true)}
        {...(description === undefined ? {} : { description })}
        {...(placeholder === undefined ? {} : { placeholder })}
      />
    </Place>
  );
}
