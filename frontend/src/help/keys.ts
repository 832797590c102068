/** Which keys do what: the lists that the help sheet shows. */

/** Words of its own (`help.key.…`) or of the builder (`builder.keys.…`), and the caps in order. */
export type KeyLine = readonly [words: string, caps: readonly string[]];

export const EVERYWHERE: readonly KeyLine[] = [
  ['help.key.search', ['Ctrl', 'K']],
  ['help.key.help', ['?']],
  ['help.key.next', ['Tab', 'Shift + Tab']],
  ['help.key.close', ['Esc']],
];

export const LISTS: readonly KeyLine[] = [
  ['help.key.choose', ['↑', '↓']],
  ['help.key.press', ['Enter', 'Space']],
  ['help.key.letters', ['A … Z']],
];

export const BUILDER: readonly KeyLine[] = [
  ['builder.keys.walk', ['↑', '↓', '←', '→']],
  ['builder.keys.open', ['Enter']],
  ['builder.keys.addAfter', ['N']],
  ['builder.keys.addEnd', ['A']],
  ['builder.keys.move', ['Alt', '↑ ↓']],
  ['builder.keys.duplicate', ['Ctrl', 'D']],
  ['builder.keys.copy', ['Ctrl', 'C / X / V']],
  ['builder.keys.off', ['O']],
  ['builder.keys.note', ['M']],
  ['ways.keys.failed', ['E']],
  ['builder.keys.remove', ['Delete']],
  ['builder.keys.undo', ['Ctrl', 'Z']],
  ['builder.keys.redo', ['Ctrl', 'Shift', 'Z']],
  ['builder.keys.test', ['T']],
  ['builder.keys.past', ['B']],
  ['builder.keys.fit', ['F']],
  ['builder.keys.zoom', ['+', '–']],
  ['builder.keys.list', ['L']],
  ['builder.keys.save', ['Ctrl', 'S']],
  ['builder.keys.escape', ['Esc']],
];
