import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asItIs, forHtml, forJson, hasStrayBraces, placeholdersOf, renderText } from './template-text.js';

const values = new Map<string, string | null>([
  ['person.name', 'Asha <b>Rao</b>\r\nBcc: x@y.example'],
  ['owner.name', null],
]);

describe('a text with variables', () => {
  it('has its values, each in one line and escaped', () => {
    expect(renderText('Dear {{person.name}}!', values, asItIs)).toBe('Dear Asha <b>Rao</b> Bcc: x@y.example!');
    expect(renderText('<p>{{ person.name }}</p>', values, forHtml)).toBe(
      '<p>Asha &lt;b&gt;Rao&lt;/b&gt; Bcc: x@y.example</p>',
    );
  });

  it('has the fallback where there is no value, and is refused where there is neither', () => {
    expect(renderText('{{owner.name|our team}}', values, asItIs)).toBe('our team');
    expect(renderText('({{owner.name|}})', values, asItIs)).toBe('()');
    expect(() => renderText('{{owner.name}}', values, asItIs)).toThrow(
      expect.objectContaining({ code: 'NOTICE_VARIABLE_MISSING', details: { variable: 'owner.name' } }),
    );
  });

  it('tells its variables, and braces that belong to none', () => {
    expect(placeholdersOf('{{ a.b }} {{c|d e}}')).toEqual([
      { name: 'a.b', fallback: null },
      { name: 'c', fallback: 'd e' },
    ]);
    expect(['{{a}}', '{ a }', 'no'].map(hasStrayBraces)).toEqual([false, false, false]);
    // Whatever stands in a body of JSON belongs to it.
    expect(['{"n":{{a}}}', '{{{a}}}'].map(hasStrayBraces)).toEqual([false, false]);
    expect(['{{a', 'a}}', '{{a}} }}'].map(hasStrayBraces)).toEqual([true, true, true]);
  });

  it('is JSON where values are escaped for it, whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const text = `{"text":"${forJson(value)}"}`;
        expect(JSON.parse(text)).toEqual({ text: value });
      }),
    );
  });
});
