/**
 * A rule as one sentence, in pieces: plain words, and one coloured phrase per step. All words come from whole-phrase
 * templates of the language at hand (`{slot}` marks where a piece goes), so word order is the language's own.
 */
import { conditionWords, termWords } from './conditionWords';
import { hoursValue, keepsRuns, keptHours } from './hours';
import { textAt } from './json';
import { toTree } from './recognise';
import { countSteps, type Rule, type RuleNode, type SplitStep, type Step } from './rule';
import { dropStartChange, startChange } from './start';
import { stepWords, toneOf } from './stepWords';
import { inEffect } from './switched';
import { besidesOf, branchKey, DONE, waysIn } from './ways';
import { fill, inWords, type Part, type Words } from './wording';

const LONG = 25;

function phrase(node: RuleNode, words: Words): Part[] {
  return [{ kind: 'phrase', step: node.id, tone: toneOf(node), text: stepWords(node, words) }];
}

function stepParts(step: Step, words: Words): Part[] {
  if (step.kind === 'split')
    switch (step.node.kind) {
      case 'choose':
        return chooseParts(step, words);
      case 'for_each':
        return eachParts(step, words);
      default:
        return besideParts(step, words);
    }
  const own = phrase(step.node, words);
  if (step.kind === 'plain') return own;
  const yes = sequenceParts(step.yes, words);
  const no = sequenceParts(step.no, words);
  const key =
    step.yes.length > 0 ? (step.no.length > 0 ? 'if' : 'ifYes') : step.no.length > 0 ? 'ifNo' : 'ifNothing';
  return fill(words.phrase(`sentence.${key}`), { condition: own, yes, no });
}

/** "if …, …; if not but …, …; otherwise …": each way in turn. */
function chooseParts({ node, ways }: SplitStep, words: Words): Part[] {
  const asked = new Map(waysIn(node).map((way) => [way.key, way.logic]));
  const [left = [], ...told] = ways.toReversed().map(({ branch, steps }): readonly Part[] => {
    const inside = sequenceParts(steps, words);
    const logic = asked.get(branch);
    if (logic === undefined)
      return inside.length === 0 ? [] : fill(words.phrase('sentence.otherwise'), { steps: inside });
    const text = conditionWords(toTree(logic), words);
    const condition: Part[] = [{ kind: 'phrase', step: node.id, tone: 'if', text }];
    const key = inside.length === 0 ? 'sentence.wayNothing' : 'sentence.way';
    return fill(words.phrase(key), { condition, steps: inside });
  });
  // What is left stands last: "…; otherwise …".
  return told.reduce<Part[]>(
    (rest, first, index) => {
      if (rest.length === 0) return [...first];
      return fill(words.phrase(index === 0 ? 'sentence.waysOtherwise' : 'sentence.ways'), { first, rest });
    },
    [...left],
  );
}

/** "for each of Orders (…)". */
function eachParts({ node, ways }: SplitStep, words: Words): Part[] {
  const body = ways.flatMap((way) => sequenceParts(way.steps, words));
  const own = phrase(node, words);
  return body.length === 0 ? own : fill(words.phrase('sentence.each'), { list: own, steps: body });
}

/** An action with what is done when it fails or is answered otherwise, and what when it worked. */
function besideParts({ node, ways }: SplitStep, words: Words): Part[] {
  const own = phrase(node, words);
  const side = (branch: string) =>
    sequenceParts(ways.find((way) => way.branch === branch)?.steps ?? [], words);
  const done = side(DONE);
  const first = besidesOf(node).reduce<Part[]>((said, branch) => {
    const steps = side(branch);
    return steps.length === 0
      ? said
      : fill(words.phrase(`sentence.${branchKey(node, branch)}`), { step: said, [branch]: steps });
  }, own);
  return done.length === 0 ? first : fill(words.phrase('sentence.then'), { first, rest: done });
}

function sequenceParts(steps: readonly Step[], words: Words): Part[] {
  const [first, ...rest] = steps;
  if (!first) return [];
  const said = stepParts(first, words);
  if (rest.length === 0) return said;
  const key = toneOf(first.node) === 'if' ? 'sentence.thenAfterIf' : 'sentence.then';
  return fill(words.phrase(key), { first: said, rest: sequenceParts(rest, words) });
}

/** "… changes from … to …": said in the start, so that the If in front that holds it is not said again. */
function toldStart(rule: Rule, words: Words): { text: string; steps: readonly Step[] } | null {
  const change = startChange(rule);
  if (!change || (!change.from && !change.to)) return null;
  const path = `after.${change.column}`;
  const key =
    change.from && change.to ? 'start.fieldFromTo' : change.to ? 'start.fieldTo' : 'start.fieldFrom';
  const text = inWords(words, key, {
    record: words.record(textAt(rule.trigger, 'table')),
    field: words.field(path),
    from: termWords(change.from ?? undefined, path, words),
    to: termWords(change.to ?? undefined, path, words),
  });
  return { text, steps: dropStartChange(rule).steps };
}

/** The rule as it acts, with its start in words: what the start tells is no step any more. */
export function effective(whole: Rule, words: Words): { start: string; rule: Rule } {
  const rule = inEffect(whole);
  const told = toldStart(rule, words);
  return told
    ? { start: told.text, rule: { ...rule, steps: told.steps } }
    : { start: stepWords(rule.trigger, words), rule };
}

/** What ends in "…" has no full stop after it. */
export function stopped(text: string): string {
  return text.replace(/…[.。]$/, '…');
}

function ended(parts: readonly Part[]): Part[] {
  const last = parts.at(-1);
  const open = parts.at(-2)?.text.endsWith('…') === true;
  return open && last?.kind === 'text' && /^[.。]$/.test(last.text) ? parts.slice(0, -1) : [...parts];
}

/** The whole rule as it acts. A long one says its start and how many steps follow. */
export function sentence(whole: Rule, words: Words): Part[] {
  const { start: text, rule } = effective(whole, words);
  const start: Part[] = [{ kind: 'phrase', step: rule.trigger.id, tone: 'when', text }];
  const count = countSteps(rule.steps);
  if (count === 0) return fill(words.phrase('sentence.nothing'), { start });
  const told =
    count > LONG
      ? fill(words.phrase('sentence.long'), { start, count: String(count) })
      : ended(fill(words.phrase('sentence.whole'), { start, steps: sequenceParts(rule.steps, words) }));
  return withHours(told, rule, words);
}

/** "… Only Monday to Friday, 09:00–18:00 (Asia/Seoul)." */
function withHours(told: readonly Part[], rule: Rule, words: Words): Part[] {
  const kept = keptHours(rule.head);
  const hours = hoursValue(kept);
  if (hours === undefined || !keepsRuns(kept)) return [...told];
  const own: Part[] = [{ kind: 'phrase', step: rule.trigger.id, tone: 'wait', text: words.hours(hours) }];
  return fill(words.phrase('sentence.hours'), { rule: told, hours: own });
}
