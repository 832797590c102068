/** A text editor for JSON (CodeMirror), with the faults at their lines and as a list. A chunk of its own. */
import { ensureSyntaxTree, foldAll, unfoldAll } from '@codemirror/language';
import { setDiagnostics } from '@codemirror/lint';
import { openSearchPanel } from '@codemirror/search';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { Box, Button, Group } from '@mantine/core';
import { IconArrowsMaximize, IconArrowsMinimize, IconSearch } from '@tabler/icons-react';
import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { editing } from './editing';
import { FaultList, type Found } from './FaultList';
import type { Fault } from './faults';
import { placeIn } from './places';

interface Props {
  readonly text: string;
  readonly label: string;
  readonly readOnly: boolean;
  /** Lines that show before it scrolls. */
  readonly rows: number;
  readonly faults: readonly Fault[];
  /** Somebody asked whether it holds: faults are told, and the cursor goes to the first. */
  readonly asked: boolean;
  readonly onText: (text: string) => void;
  readonly onApply: () => void;
}

const TOOLS = [
  { key: 'find', Icon: IconSearch, command: openSearchPanel },
  { key: 'foldAll', Icon: IconArrowsMinimize, command: foldAll },
  { key: 'unfoldAll', Icon: IconArrowsMaximize, command: unfoldAll },
] as const;

/** Parsing that is not done in this time goes on behind; then a fault stands at what is known. */
const PARSE_MS = 200;

function found(state: EditorState, fault: Fault): Found {
  const { at, ...rest } = fault;
  if ('pointer' in at) {
    const tree = ensureSyntaxTree(state, state.doc.length, PARSE_MS);
    const span = tree ? placeIn(state.doc.toString(), tree, at.pointer) : { from: 0, to: 0 };
    return { ...rest, ...span, line: state.doc.lineAt(span.from).number, placed: false };
  }
  const line = state.doc.line(Math.min(at.line, state.doc.lines));
  const from = Math.min(line.from + at.column - 1, line.to);
  return { ...rest, from, to: Math.min(from + 1, state.doc.length), line: line.number, placed: true };
}

export default function JsonEditor(props: Props) {
  const { text, label, readOnly, rows, faults, asked, onText, onApply } = props;
  const { t, i18n } = useTranslation();
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef({ text, onText, onApply });
  const hintId = useId();
  const hint = readOnly ? null : hintId;
  const [shown, setShown] = useState<readonly Found[]>([]);
  latest.current = { text, onText, onApply };
  const language = i18n.resolvedLanguage;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another language makes the editor anew, with its words
  useEffect(() => {
    if (!host.current) return;
    const made = new EditorView({ parent: host.current });
    view.current = made;
    const extensions = editing({
      label,
      hint,
      readOnly,
      say: (key) => t(`jsonEditor.${key}`),
      onText: (now) => latest.current.onText(now),
      onApply: () => latest.current.onApply(),
    });
    made.setState(EditorState.create({ doc: latest.current.text, extensions }));
    return () => {
      view.current = null;
      made.destroy();
    };
  }, [label, hint, readOnly, language]);

  // What came from elsewhere replaces the text; typing has it already.
  useEffect(() => {
    const now = view.current;
    if (now && now.state.doc.toString() !== text)
      now.dispatch({ changes: { from: 0, to: now.state.doc.length, insert: text } });
  }, [text]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: an editor made anew has no marks yet
  useEffect(() => {
    const now = view.current;
    if (!now) return;
    const placed = faults.map((fault) => found(now.state, fault));
    const marks = placed.map(({ from, to, severity, message }) => ({ from, to, severity, message }));
    now.dispatch(setDiagnostics(now.state, marks));
    setShown(placed);
  }, [faults, label, hint, readOnly, language]);

  const goTo = ({ from }: Found): void => {
    view.current?.dispatch({ selection: { anchor: from }, scrollIntoView: true });
    view.current?.focus();
  };
  return (
    <>
      <Group gap={6}>
        {TOOLS.map(({ key, Icon, command }) => (
          <Button
            key={key}
            size="compact-sm"
            variant="default"
            leftSection={<Icon size={14} aria-hidden />}
            onClick={() => view.current && command(view.current)}
          >
            {t(`jsonEditor.${key}`)}
          </Button>
        ))}
      </Group>
      <Box ref={host} __vars={{ '--json-rows': `${rows * 1.5}em` }} />
      <FaultList faults={shown} asked={asked} onChoose={goTo} />
      {!readOnly && (
        <span id={hintId} style={{ fontSize: 12.5, color: 'var(--mantine-color-dimmed)' }}>
          {t('jsonEditor.hint')}
        </span>
      )}
    </>
  );
}
