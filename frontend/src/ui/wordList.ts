/** The words that are explained to users; their texts are `help.word.<word>` in every language. */
export const WORDS = [
  'rule',
  'when',
  'if',
  'then',
  'step',
  'record',
  'watched',
  'before',
  'run',
  'check',
  'test',
  'backtest',
  'draft',
  'version',
  'once',
  'overlap',
  'unknown',
  'limit',
  'held',
  'connection',
] as const;
export type Word = (typeof WORDS)[number];
