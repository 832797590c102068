import { createInstance } from 'i18next';
import { expect, test } from 'vitest';
import { actorText } from './actor';

const i18n = createInstance();
await i18n.init({
  lng: 'ko',
  resources: { ko: { translation: { audited: { key: '키 “{{name}}”', demo: '데모' } } } },
  interpolation: { escapeValue: false },
});

test('a key and the demo are named in the words of the reader, a person as they are', () => {
  expect(['key ruleyard up', 'the demo', 'kim@example.com'].map((one) => actorText(one, i18n.t))).toEqual([
    '키 “ruleyard up”',
    '데모',
    'kim@example.com',
  ]);
});
