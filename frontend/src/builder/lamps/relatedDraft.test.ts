import { expect, test } from 'vitest';
import { open } from '../../model/graph';
import { NO_TEST } from '../store';
import { keysLookedThrough, relatedDraft } from './relatedDraft';
import { sightOf } from './sight';

const column = (name: string) => ({ name, label: name, type: 'text' as const, nullable: true, choices: [] });

test('the keys that conditions and actions look through, each once', () => {
  const opened = open({
    nodes: [
      { id: 't', kind: 'trigger' },
      {
        id: 'c',
        kind: 'condition',
        logic: { '===': [{ var: 'related.owner_id.team' }, { var: 'related.a_id.x' }] },
      },
      {
        id: 'n',
        kind: 'action',
        fields: { title: { cat: [{ var: 'related.owner_id.name' }, { var: 'after.related' }] } },
      },
    ],
    edges: [
      ['t', 'c'],
      ['c', 'n', 'yes'],
    ],
  });
  expect(keysLookedThrough(opened)).toEqual(['a_id', 'owner_id']);
});

test('the draft reads every field of those keys and of no other', () => {
  const related = [
    { key: 'owner_id', table: 'public.agents', columns: [column('team'), column('name')] },
    { key: 'a_id', table: 'public.a', columns: [column('x')] },
  ];
  const text = JSON.stringify(relatedDraft('crm', 'public.leads', related, ['owner_id']));
  expect(text).toContain('related.owner_id.team');
  expect(text).toContain('related.owner_id.name');
  expect(text).not.toContain('a_id.x');
});

test('what a test has read is newer, what is put in by hand lies over both', () => {
  const testing = {
    ...NO_TEST,
    record: { id: 1 },
    read: { owner_id: { team: 'inbound', name: 'Ann' }, a_id: null },
    related: { owner_id: { team: 'senior' } },
  };
  expect(sightOf(testing)?.data['related']).toEqual({
    owner_id: { team: 'senior', name: 'Ann' },
    a_id: null,
  });
});
