/** How many rules use a connection, and which. */
import { Anchor, Loader, Popover, Stack, Text, UnstyledButton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useUsingRules } from '../api/connections';
import type { Connection } from '../api/types';

export function UsedBy({ connection }: { connection: Connection }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const using = useUsingRules(connection.id, opened);
  const words = t('connections.used', { count: connection.used_by });
  if (connection.used_by === 0) return <>{words}</>;
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" shadow="md" withinPortal trapFocus>
      <Popover.Target>
        <UnstyledButton
          fz="inherit"
          td="underline"
          aria-expanded={opened}
          onClick={() => setOpened((before) => !before)}
        >
          {words}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown mah={320} style={{ overflow: 'auto' }}>
        {using.data === undefined ? (
          using.isError ? (
            <Text size="sm">{using.error.message}</Text>
          ) : (
            <Loader size="sm" />
          )
        ) : (
          <Stack gap={6}>
            {using.data.items.map((rule) => (
              <Anchor key={rule.id} component={Link} to={`/rules/${rule.id}`} size="sm">
                {rule.name}
              </Anchor>
            ))}
          </Stack>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
