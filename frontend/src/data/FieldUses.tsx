/** How many rules use a field, and which. */
import { Button, Menu, Text } from '@mantine/core';
import { IconChevronDown, IconListDetails } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

interface Props {
  label: string;
  rules: readonly { readonly id: number; readonly name: string }[];
  /** The field's table: `connection schema.table`. */
  about: string;
  table: string;
}

export function FieldUses({ label, rules, about, table }: Props) {
  const { t } = useTranslation();
  if (rules.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t('fields.unused')}
      </Text>
    );
  }
  return (
    <Menu position="bottom-start" withinPortal>
      <Menu.Target>
        <Button
          variant="subtle"
          size="compact-sm"
          px={0}
          rightSection={<IconChevronDown size={14} />}
          aria-label={t('fields.usesOf', { label, count: rules.length })}
        >
          {t('fields.uses', { count: rules.length })}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflowY: 'auto' }}>
        {rules.map((rule) => (
          <Menu.Item key={rule.id} component={Link} to={`/rules/${rule.id}`}>
            {rule.name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          component={Link}
          to={`/rules?about=${encodeURIComponent(about)}`}
          leftSection={<IconListDetails size={16} />}
        >
          {t('fields.rulesOf', { table })}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
