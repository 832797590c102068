/** An error of a step or run in the words of a language, by its code; the server's English for one not known here. */
import i18next, { type TFunction } from 'i18next';
import { type MomentForm, momentText } from '../ui/clock';
import { localeOf } from '../ui/locale';
import { firstKnown } from './firstKnown';
import { problemText } from './problemText';

type Fault = {
  readonly code: string;
  readonly message: string;
  readonly args?: { readonly [name: string]: unknown } | undefined;
};

/** Our own words; what the other side said (`detail`) is shown beneath, as it came. */
export function faultText(fault: Fault, t: TFunction): string {
  const args = fault.args ?? {};
  const keys = [`faults.${fault.code}`, `hours.fault.${fault.code}`, `connections.trouble.${fault.code}`];
  const values: Record<string, unknown> =
    fault.code === 'table-changed'
      ? { ...args, problem: problemOf(args['problem'], t) }
      : fault.code === 'target-away'
        ? { ...args, until: moment(args['until'], 'time') }
        : fault.code === 'outside-hours'
          ? { ...args, until: moment(args['until'], 'weekday') }
          : fault.code === 'rule-undecided'
            ? { ...args, why: faultOf(args['why'], t) }
            : { ...args };
  // What need not be known is named by a text of its own.
  if (typeof args['run'] === 'number') values['context'] = 'run';
  const template = firstKnown(keys, { skipInterpolation: true, context: values['context'] }, t) ?? '';
  const named = [...template.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map((match) => match[1] ?? '');
  // What was written down by an earlier release has no args.
  const whole = template !== '' && named.every((name) => name in values);
  return whole ? (firstKnown(keys, values, t) ?? '') : fault.message;
}

/** Why a run failed, in one line: our words, then the other side's own. What has no code is told as it was written. */
export function reasonOf(
  run: {
    readonly fault: (Fault & { readonly detail?: string | undefined }) | null;
    readonly error?: string;
    readonly reason?: string;
  },
  t: TFunction,
): string {
  if (run.fault === null) return run.error ?? run.reason ?? '';
  return `${faultText(run.fault, t)} ${run.fault.detail ?? ''}`.trim();
}

/** Where the reader is. */
function moment(at: unknown, form: MomentForm): string {
  return typeof at === 'string' ? momentText(at, form, localeOf(i18next.language, navigator.languages)) : '';
}

function faultOf(fault: unknown, t: TFunction): string {
  if (typeof fault !== 'object' || fault === null) return '';
  const code = 'code' in fault && typeof fault.code === 'string' ? fault.code : '';
  const message = 'message' in fault && typeof fault.message === 'string' ? fault.message : '';
  const args = 'args' in fault && typeof fault.args === 'object' && fault.args !== null ? fault.args : {};
  return faultText({ code, message, args: { ...args } }, t);
}

function problemOf(problem: unknown, t: TFunction): string {
  if (typeof problem !== 'object' || problem === null) return '';
  const code = 'code' in problem && typeof problem.code === 'string' ? problem.code : '';
  const message = 'message' in problem && typeof problem.message === 'string' ? problem.message : '';
  const args =
    'args' in problem && typeof problem.args === 'object' && problem.args !== null ? problem.args : {};
  return problemText({ code, message, args: { ...args } }, t);
}
