/** What the JSON editor can do: its keys, folding, finding, an undo of its own, the way out by keyboard. */
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import {
  bracketMatching,
  codeFolding,
  foldGutter,
  foldKeymap,
  indentOnInput,
  indentUnit,
} from '@codemirror/language';
import { forEachDiagnostic, lintGutter, lintKeymap } from '@codemirror/lint';
import { closeSearchPanel, highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension, Prec } from '@codemirror/state';
import {
  EditorView,
  highlightActiveLineGutter,
  type KeyBinding,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { looks } from './looks';

export type Say = (key: string) => string;

export type Wanted = {
  readonly label: string;
  /** The id of what explains the editor. */
  readonly hint: string | null;
  readonly readOnly: boolean;
  readonly say: Say;
  readonly onText: (text: string) => void;
  readonly onApply: () => void;
};

/** CodeMirror's own words, and the keys of ours. */
const PHRASES: Readonly<Record<string, string>> = {
  Find: 'find',
  Replace: 'replaceWith',
  next: 'next',
  previous: 'previous',
  all: 'all',
  'match case': 'matchCase',
  regexp: 'regexp',
  'by word': 'byWord',
  replace: 'replace',
  'replace all': 'replaceAll',
  close: 'close',
  'current match': 'currentMatch',
  'on line': 'onLine',
  'replaced match on line $': 'replacedOnLine',
  'replaced $ matches': 'replacedMany',
  'Go to line': 'goToLine',
  go: 'go',
  'Folded lines': 'foldedLines',
  'Unfolded lines': 'unfoldedLines',
  to: 'to',
  'folded code': 'folded',
  unfold: 'unfold',
  'Fold line': 'fold',
  'Unfold line': 'unfold',
  'Control character': 'controlCharacter',
  'Selection deleted': 'selectionDeleted',
  Diagnostics: 'problems',
  'No diagnostics': 'noProblems',
};

/** Escape opens the way out: Tab then leaves instead of indenting, until another key is pressed. */
function wayOut(say: Say): Extension {
  let open = false;
  const set = (view: EditorView, to: boolean): void => {
    open = to;
    view.setTabFocusMode(to);
  };
  const leave: KeyBinding = {
    key: 'Escape',
    stopPropagation: true,
    run: (view) => {
      if (open) return false;
      set(view, true);
      view.dispatch({ effects: EditorView.announce.of(say('leaveNow')) });
      return true;
    },
  };
  return [
    keymap.of([leave]),
    EditorView.domEventHandlers({
      keydown: (event, view) => {
        if (open && !['Escape', 'Tab', 'Shift'].includes(event.key)) set(view, false);
        return false;
      },
      blur: (_event, view) => {
        set(view, false);
        return false;
      },
    }),
  ];
}

/** Unfolds by a click or by the unfolding keys; a button, so that it may have a name. */
function folded(say: Say): Extension {
  return codeFolding({
    placeholderDOM: (_view, unfold) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'cm-folded';
      button.textContent = '…';
      button.tabIndex = -1;
      button.setAttribute('aria-label', say('unfold'));
      button.title = say('unfold');
      button.onclick = unfold;
      return button;
    },
  });
}

function hasErrors(state: EditorState): boolean {
  let found = false;
  forEachDiagnostic(state, (one) => {
    found ||= one.severity === 'error';
  });
  return found;
}

export function editing({ label, hint, readOnly, say, onText, onApply }: Wanted): Extension {
  const apply = (): boolean => {
    onApply();
    return true;
  };
  // One Escape closes one thing: finding first.
  const closing: KeyBinding = {
    key: 'Escape',
    scope: 'editor search-panel',
    run: closeSearchPanel,
    stopPropagation: true,
  };
  return [
    Prec.highest(
      keymap.of([
        closing,
        { key: 'Mod-Enter', run: apply },
        { key: 'Mod-s', run: apply, preventDefault: true },
      ]),
    ),
    Prec.high(readOnly ? [] : wayOut(say)),
    EditorState.readOnly.of(readOnly),
    EditorState.phrases.of(
      Object.fromEntries(Object.entries(PHRASES).map(([theirs, ours]) => [theirs, say(ours)])),
    ),
    EditorState.tabSize.of(2),
    indentUnit.of('  '),
    json(),
    history(),
    lineNumbers(),
    lintGutter(),
    foldGutter({ openText: '▾', closedText: '▸' }),
    folded(say),
    search({ top: true }),
    highlightSelectionMatches(),
    highlightActiveLineGutter(),
    bracketMatching(),
    indentOnInput(),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({
      'aria-label': label,
      ...(hint === null ? {} : { 'aria-describedby': hint }),
      tabindex: '0',
      autocapitalize: 'off',
    }),
    EditorView.contentAttributes.of((view) => (hasErrors(view.state) ? { 'aria-invalid': 'true' } : null)),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onText(update.state.doc.toString());
    }),
    looks,
    keymap.of([
      ...searchKeymap,
      ...historyKeymap,
      ...foldKeymap,
      ...lintKeymap,
      ...(readOnly ? [] : [indentWithTab]),
      ...defaultKeymap,
    ]),
  ];
}
