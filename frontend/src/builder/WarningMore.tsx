/** What stands beside the words of a problem: a record it would happen to, the other rule, a circle of rules, where to mend it. */
import { IconArrowRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { isObject, type JSONObject, type JSONValue, listAt, objectAt, textAt, textsAt } from '../model/json';
import type { StepProblem } from '../model/problems';
import { useRoom } from './context';
import classes from './problems.module.css';
import { useBuilder } from './store';

type Line = {
  readonly name: string;
  readonly before: JSONValue | undefined;
  readonly after: JSONValue | undefined;
};

function linesOf(example: JSONObject): Line[] {
  const [before, after] = [objectAt(example, 'before'), objectAt(example, 'after')];
  const names = [...new Set([...Object.keys(after), ...Object.keys(before)])];
  return names.map((name) => ({ name, before: before[name], after: after[name] }));
}

function Example({ example }: { example: JSONObject }) {
  const { t } = useTranslation();
  const { words } = useRoom();
  const lines = linesOf(example);
  if (lines.length === 0) return null;
  const told = (value: JSONValue | undefined, path: string): string =>
    value === undefined ? '–' : words.value(value, path);
  const changes = lines.some((line) => line.before !== undefined);
  return (
    <table className={classes.example}>
      <caption>{t('problems.more.example')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('problems.more.field')}</th>
          {changes && <th scope="col">{t('problems.more.before')}</th>}
          <th scope="col">{t(changes ? 'problems.more.after' : 'problems.more.value')}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ name, before, after }) => (
          <tr key={name}>
            <th scope="row">{words.field(`after.${name}`)}</th>
            {changes && <td>{told(before, `after.${name}`)}</td>}
            <td>{told(after, `after.${name}`)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type NameProps = { readonly name: string; readonly id: JSONValue | undefined; readonly text?: string };

function RuleName({ name, id, text = name }: NameProps) {
  const own = useBuilder((state) => state.ruleId);
  if (typeof id !== 'number' || id === own) return <span className={classes.link}>{name}</span>;
  return (
    <Link className={classes.link} to="/rules/$ruleId" params={{ ruleId: String(id) }}>
      {text}
    </Link>
  );
}

function Chain({ args }: { args: JSONObject }) {
  const { t } = useTranslation();
  const ids = listAt(args, 'rule_ids');
  return (
    <ol className={classes.chain} aria-label={t('problems.more.chain')}>
      {textsAt(args, 'chain').map((name, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a rule stands in a circle twice
        <li key={index}>
          {index > 0 && <IconArrowRight size={14} aria-hidden />}
          <RuleName name={name} id={ids[index]} />
        </li>
      ))}
    </ol>
  );
}

export function WarningMore({ problem }: { problem: StepProblem }) {
  const { t } = useTranslation();
  const { args } = problem;
  const example = args['example'];
  const other = textAt(args, 'rule');
  const circle = textsAt(args, 'chain').length > 0;
  const homeless = problem.code === 'no-home-country' && textAt(args, 'connection') !== '';
  if (!isObject(example) && !circle && other === '' && !homeless) return null;
  return (
    <div className={classes.more}>
      {homeless && (
        <Link className={classes.link} to="/connections">
          {t('problems.more.homeCountry')}
        </Link>
      )}
      {circle && <Chain args={args} />}
      {other !== '' && (
        <RuleName name={other} id={args['rule_id']} text={t('problems.more.open', { rule: other })} />
      )}
      {isObject(example) && <Example example={example} />}
    </div>
  );
}
