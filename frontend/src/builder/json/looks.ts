/** The looks of the JSON editor: the theme's tokens, so that it follows light and dark by itself. */
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const mark = (tone: string) => ({
  backgroundImage: 'none',
  textDecoration: `underline wavy ${tone}`,
  textDecorationSkipInk: 'none',
  textUnderlineOffset: '3px',
});

const RAISED = {
  color: 'var(--mantine-color-text)',
  backgroundColor: 'var(--mantine-color-body)',
  border: '1px solid var(--ry-line)',
};

const surface = EditorView.theme({
  '&': { ...RAISED, borderRadius: '8px', fontSize: '12.5px', overflow: 'hidden' },
  '&.cm-focused': { outline: '2px solid var(--mantine-primary-color-filled)', outlineOffset: '1px' },
  '.cm-scroller': {
    minHeight: '9em',
    maxHeight: 'min(var(--json-rows), max(240px, 100dvh - 430px))',
    overflow: 'auto',
    fontFamily: 'var(--mantine-font-family-monospace)',
    lineHeight: '1.5',
  },
  '.cm-content': { caretColor: 'var(--mantine-color-text)' },
  '.cm-gutters': {
    color: 'var(--mantine-color-dimmed)',
    backgroundColor: 'var(--ry-canvas)',
    borderRight: '1px solid var(--ry-line-soft)',
  },
  '.cm-activeLine': { backgroundColor: 'transparent' },
  '.cm-activeLineGutter': { color: 'var(--mantine-color-text)', backgroundColor: 'var(--ry-track)' },
  '.cm-gutter-lint': { width: '18px' },
  '.cm-lint-marker': {
    width: '12px',
    height: '12px',
    marginTop: '3px',
    content: 'none',
    borderRadius: '50%',
  },
  '.cm-lint-marker-error': { backgroundColor: 'var(--ry-bad)' },
  '.cm-lint-marker-warning': { borderRadius: '2px', backgroundColor: 'var(--ry-if)' },
  '.cm-lintRange-error': mark('var(--ry-bad)'),
  '.cm-lintRange-warning': mark('var(--ry-if)'),
  '.cm-foldGutter span': { padding: '0 3px' },
  '.cm-folded': {
    padding: '0 6px',
    font: 'inherit',
    color: 'var(--mantine-color-text)',
    backgroundColor: 'var(--ry-track)',
    border: '1px solid var(--ry-line)',
    borderRadius: '6px',
    cursor: 'pointer',
  },
  '&.cm-focused .cm-matchingBracket': {
    backgroundColor: 'var(--ry-good-bg)',
    outline: '1px solid var(--ry-good)',
  },
  '&.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'var(--ry-bad-bg)' },
  '.cm-searchMatch': { backgroundColor: 'var(--ry-if-bg)', outline: '1px solid var(--ry-if)' },
  '.cm-searchMatch-selected': { backgroundColor: 'var(--ry-when-bg)', outline: '2px solid var(--ry-when)' },
  '.cm-selectionMatch': { backgroundColor: 'var(--ry-busy-bg)' },
  '.cm-tooltip': { ...RAISED, borderRadius: '8px', fontSize: '13px', maxWidth: '340px' },
  '.cm-diagnostic': { whiteSpace: 'pre-wrap' },
  '.cm-panels': { color: 'inherit', backgroundColor: 'var(--ry-canvas)' },
  '.cm-panels.cm-panels-top': { borderBottom: '1px solid var(--ry-line)' },
  '.cm-panel.cm-search': {
    display: 'flex',
    flexWrap: 'wrap',
    gap: '6px',
    alignItems: 'center',
    padding: '8px 40px 8px 8px',
    fontFamily: 'var(--mantine-font-family)',
  },
  '.cm-panel.cm-search br': { flexBasis: '100%', height: 0, content: '""' },
  '.cm-panel.cm-search label': { fontSize: '13px', display: 'inline-flex', alignItems: 'center', gap: '4px' },
  '.cm-panel.cm-search input, .cm-panel.cm-search button, .cm-panel.cm-search label': { margin: 0 },
  '.cm-panel.cm-search input[type=checkbox]': { width: '18px', height: '18px' },
  '.cm-panel.cm-search .cm-textfield, .cm-panel.cm-search .cm-button': {
    ...RAISED,
    minHeight: '30px',
    padding: '2px 8px',
    backgroundImage: 'none',
    borderRadius: '6px',
    fontSize: '13px',
  },
  '.cm-panel.cm-search [name=close]': {
    top: '8px',
    right: '8px',
    width: '28px',
    height: '28px',
    color: 'inherit',
    fontSize: '20px',
  },
  // Smaller than this, a phone zooms into what is touched.
  '@media (max-width: 768px)': {
    '&, .cm-panel.cm-search .cm-textfield': { fontSize: '16px' },
    '.cm-panel.cm-search .cm-button, .cm-panel.cm-search .cm-textfield': { minHeight: '44px' },
    '.cm-panel.cm-search [name=close]': { width: '44px', height: '44px' },
  },
});

const tones = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--ry-data)' },
  { tag: tags.string, color: 'var(--ry-good)' },
  { tag: tags.number, color: 'var(--ry-if)' },
  { tag: [tags.bool, tags.null], color: 'var(--ry-when)', fontWeight: '600' },
  { tag: [tags.separator, tags.squareBracket, tags.brace], color: 'var(--mantine-color-text)' },
]);

export const looks: Extension = [surface, syntaxHighlighting(tones)];
