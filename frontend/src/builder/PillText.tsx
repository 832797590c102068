/**
 * Text with fields of the record in it: typed after `{{` or put in by a button. A field shows as a pill; one that
 * does not exist is marked. What was perhaps meant is said by the check.
 */
import {
  ActionIcon,
  Combobox,
  Group,
  Input,
  InputBase,
  Text,
  Textarea,
  Tooltip,
  useCombobox,
} from '@mantine/core';
import { IconBraces } from '@tabler/icons-react';
import { useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { pill, shortName } from '../model/template';
import { todayOf } from '../model/today';
import { useRoom } from './context';
import { useFieldGroups } from './FieldSelect';
import { fieldMatches } from './fieldSearch';
import { WRITTEN_PARTS } from './fields';
import { PillBack } from './PillBack';
import classes from './pills.module.css';
import { endTyping, useBuilderStore } from './store';
import { useZone } from './ZoneChoice';

type Props = {
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly label: string;
  readonly description?: string;
  readonly placeholder?: string;
  readonly lines?: number;
  readonly autoFocus?: boolean;
  readonly error?: string | null;
  readonly hideLabel?: boolean;
};

/** The `{{na…` that is being typed before the cursor. */
function openPill(text: string, cursor: number): { from: number; typed: string } | null {
  const from = text.lastIndexOf('{{', cursor);
  if (from < 0) return null;
  const typed = text.slice(from + 2, cursor);
  return /[{}\n]/.test(typed) ? null : { from, typed: typed.trim() };
}

export function PillText(props: Props) {
  const { value, onChange, label, description, placeholder, lines = 1, autoFocus, error, hideLabel } = props;
  const { t } = useTranslation();
  const { subject } = useRoom();
  const store = useBuilderStore();
  const groups = useFieldGroups(useZone(), WRITTEN_PARTS);
  const id = useId();
  const input = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const back = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState<{ from: number; typed: string } | null>(null);
  const [everything, setEverything] = useState(false);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });

  const known = (path: string): boolean =>
    path.startsWith('steps.') ||
    todayOf(path) !== null ||
    subject.columns.length === 0 ||
    groups.some((group) => group.items.some((item) => item.value === path));

  const look = (element: HTMLInputElement | HTMLTextAreaElement): void => {
    const found = openPill(element.value, element.selectionStart ?? 0);
    setTyped(found);
    setEverything(false);
    if (found) {
      combobox.openDropdown();
      combobox.selectFirstOption();
    } else combobox.closeDropdown();
  };
  const insert = (path: string): void => {
    const element = input.current;
    const cursor = element?.selectionStart ?? value.length;
    const from = typed ? typed.from : cursor;
    const text = `${value.slice(0, from)}${pill(path)}${value.slice(cursor).replace(typed ? /^\s*\}\}/ : /^/, '')}`;
    onChange(text);
    combobox.closeDropdown();
    setTyped(null);
    const end = from + pill(path).length;
    requestAnimationFrame(() => {
      element?.focus();
      element?.setSelectionRange(end, end);
    });
  };
  const wanted = everything ? '' : (typed?.typed ?? '').toLocaleLowerCase();
  const options = groups
    .map((group) => ({
      ...group,
      items: group.items.filter((item) => fieldMatches(item.label, shortName(item.value), wanted)),
    }))
    .filter((group) => group.items.length > 0);

  const box = {
    id,
    ref: input,
    value,
    placeholder: placeholder ?? '',
    classNames: { input: classes.pillInput ?? '' },
    autoFocus: autoFocus ?? false,
    'aria-label': hideLabel ? label : undefined,
    error: Boolean(error),
    onChange: (event: React.ChangeEvent<HTMLInputElement & HTMLTextAreaElement>) => {
      onChange(event.currentTarget.value);
      look(event.currentTarget);
    },
    onScroll: (event: React.UIEvent<HTMLElement>) => {
      const { scrollTop, scrollLeft } = event.currentTarget;
      if (back.current) Object.assign(back.current, { scrollTop, scrollLeft });
    },
    onBlur: () => {
      combobox.closeDropdown();
      endTyping(store);
    },
  };
  return (
    <div>
      {!hideLabel && (
        <Group justify="space-between" align="flex-end" mb={4} wrap="nowrap">
          <Input.Label htmlFor={id}>{label}</Input.Label>
        </Group>
      )}
      {description && (
        <Text size="xs" c="dimmed" mb={6}>
          {description}
        </Text>
      )}
      <Combobox store={combobox} onOptionSubmit={insert} withinPortal position="bottom-start" shadow="md">
        <Combobox.DropdownTarget>
          <div className={classes.pillBox}>
            <PillBack ref={back} text={value} lines={lines} known={known} />
            <Combobox.EventsTarget withExpandedAttribute={false}>
              {lines > 1 ? (
                <Textarea
                  {...box}
                  autosize
                  minRows={lines}
                  maxRows={14}
                  styles={{ input: { lineHeight: 1.55, paddingRight: 40 } }}
                />
              ) : (
                <InputBase {...box} rightSection={<span />} rightSectionWidth={40} />
              )}
            </Combobox.EventsTarget>
            <Tooltip label={t('builder.form.insertField')}>
              <ActionIcon
                aria-label={t('builder.form.insertFieldInto', { label })}
                size={28}
                style={{ position: 'absolute', top: 4, right: 4 }}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => {
                  setTyped(null);
                  setEverything(true);
                  combobox.openDropdown();
                  input.current?.focus();
                }}
              >
                <IconBraces size={16} />
              </ActionIcon>
            </Tooltip>
          </div>
        </Combobox.DropdownTarget>
        <Combobox.Dropdown mah={280} style={{ overflowY: 'auto' }}>
          <Combobox.Options>
            {options.map((group) => (
              <Combobox.Group key={group.group} label={group.group}>
                {group.items.map((item) => (
                  <Combobox.Option
                    key={item.value}
                    value={item.value}
                    onMouseDown={(event) => event.preventDefault()}
                  >
                    {item.label}
                  </Combobox.Option>
                ))}
              </Combobox.Group>
            ))}
            {options.length === 0 && <Combobox.Empty>{t('builder.form.noField')}</Combobox.Empty>}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
      {error && (
        <Text size="xs" c="var(--mantine-color-error)" mt={4}>
          {error}
        </Text>
      )}
    </div>
  );
}
