import { describe, expect, test } from 'vitest';
import { escapeHtml, filledHtml, htmlOf, marked, textOf } from './mailHtml';

test('what would be a tag is written out', () => {
  expect(escapeHtml(`<b title="a">'&'</b>`)).toBe('&lt;b title=&quot;a&quot;&gt;&#x27;&amp;&#x27;&lt;/b&gt;');
});

describe('text and HTML', () => {
  const text = 'Dear {{first_name}},\n\nyour <offer> & more:\nsecond line';
  const html = '<p>Dear {{first_name}},</p>\n<p>your &lt;offer&gt; &amp; more:<br>\nsecond line</p>';

  test('of text paragraphs are made, and fields stay', () => expect(htmlOf(text)).toBe(html));
  test('and text again', () => expect(textOf(html)).toBe(text));
  test('nothing is nothing', () => expect([htmlOf(' \n\n '), textOf('')]).toEqual(['', '']));
  test('lists and tables have lines', () =>
    expect(textOf('<h1>A</h1><ul><li>one</li><li>two</li></ul><div>x</div>y&nbsp;z')).toBe(
      'A\n\n- one\n- two\n\nx\ny z',
    ));
});

describe('marking', () => {
  test.each([
    ['bold', 'a <b>word</b> here', 'word'],
    ['italic', 'a <i>word</i> here', 'word'],
    ['heading', 'a <h2>word</h2> here', 'word'],
    ['link', 'a <a href="https://">word</a> here', 'https://'],
    ['list', 'a <ul>\n<li>word</li>\n</ul> here', 'word'],
  ] as const)('%s', (mark, text, selected) => {
    const found = marked('a word here', 2, 6, mark);
    expect(found.text).toBe(text);
    expect(found.text.slice(found.from, found.to)).toBe(selected);
  });

  test('every line that is selected is an item', () =>
    expect(marked('a\nb', 0, 3, 'list').text).toBe('<ul>\n<li>a</li>\n<li>b</li>\n</ul>'));
});

describe('a preview', () => {
  const value = (logic: unknown): string => `<${JSON.stringify(logic)}>`;
  test.each([
    ['<p>x</p>', '<p>x</p>'],
    [{ var: 'a' }, '&lt;{&quot;var&quot;:&quot;a&quot;}&gt;'],
    [{ cat: ['<p>', { cat: ['<i>', 1, '</i>'] }] }, '<p><i>&lt;1&gt;</i>'],
    [{ cat: 'x' }, '&lt;{&quot;cat&quot;:&quot;x&quot;}&gt;'],
    [{ a: 1, b: 2 }, '&lt;{&quot;a&quot;:1,&quot;b&quot;:2}&gt;'],
  ])('%j', (logic, html) => expect(filledHtml(logic, value)).toBe(html));
});
