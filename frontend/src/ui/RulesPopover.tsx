/** How many rules there are behind something, and which: asked for when somebody wants to see them. */
import { Anchor, Loader, Popover, Stack, Text, UnstyledButton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useProblemText } from './States';

type Props = {
  readonly opened: boolean;
  readonly onOpened: (opened: boolean) => void;
  readonly rules: readonly { readonly id: number; readonly name: string }[] | undefined;
  readonly error: Error | null;
  /** What is pressed. */
  readonly children: ReactNode;
};

export function RulesPopover({ opened, onOpened, rules, error, children }: Props) {
  const words = useProblemText();
  return (
    <Popover opened={opened} onChange={onOpened} position="bottom-start" shadow="md" withinPortal trapFocus>
      <Popover.Target>
        <UnstyledButton fz="inherit" td="underline" aria-expanded={opened} onClick={() => onOpened(!opened)}>
          {children}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown mah={320} style={{ overflow: 'auto' }}>
        {rules === undefined ? (
          error === null ? (
            <Loader size="sm" />
          ) : (
            <Text size="sm">{words(error)}</Text>
          )
        ) : (
          <Stack gap={6}>
            {rules.map((rule) => (
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
