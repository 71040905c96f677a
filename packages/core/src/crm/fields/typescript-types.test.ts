import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { parseDefinitionText } from './definition-text.js';
import type { LineSchema } from './line-schema.js';
import { lineSchemaOf } from './product-line-definition.js';
import { generateTypes } from './typescript-types.js';

const folder = mkdtempSync(join(tmpdir(), 'lms-types-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const schemas: readonly LineSchema[] = ['personal-loan', 'insurance', 'demat'].map((name) => {
  const file = new URL(`../../../../../examples/product-lines/${name}.yaml`, import.meta.url);
  return lineSchemaOf(parseDefinitionText(readFileSync(file, 'utf8'), { format: 'yaml' }), 1);
});
const source = generateTypes(schemas);

const whole = `pan: 'ABCPE1234F', fullName: 'Asha', dateOfBirth: '1990-01-31', mobile: '9876543210', email: 'a@example.com'`;

/** Uses of the generated types: what is right, and what must not compile. */
const uses = {
  right: `
    export const input: Lines['personal-loan']['input'] = {
      fullName: 'Asha Verma', dateOfBirth: '1990-01-31', mobile: '98765 43210', employmentType: 'salaried',
      monthlyIncome: '75,000', loanAmount: { amountPaise: 50_000_000 }, gender: null, preferredLanguages: ['hindi'],
    };
    export const amount = (values: Lines['personal-loan']['values']): number | undefined => values.loanAmount?.amountPaise;
    export const mode = (values: Lines['insurance']['values']): 'monthly' | 'quarterly' | 'half-yearly' | 'yearly' | 'single' | undefined => values.premiumMode;
    export const slugs: Record<keyof Lines, true> = { 'personal-loan': true, insurance: true, demat: true };`,
  missing: `export const input: Lines['demat']['input'] = { fullName: 'Asha' };`,
  stranger: `export const input: Lines['demat']['input'] = { ${whole}, loanAmount: '5L' };`,
  option: `export const input: Lines['demat']['input'] = { ${whole}, gender: 'unknown' };`,
  number: `export const input: Lines['demat']['input'] = { ${whole.replace("'Asha'", '7')} };`,
  empty: `export const input: Lines['demat']['input'] = { ${whole.replace("'Asha'", 'null')} };`,
} as const;

/** Compiles every use at once; the errors of each. */
function compileUses(): Readonly<Record<string, string>> {
  writeFileSync(join(folder, 'lines.ts'), source);
  const files = Object.entries(uses).map(([name, use]) => {
    const file = join(folder, `${name}.ts`);
    writeFileSync(file, `import type { Lines } from './lines.js';\n${use}\n`);
    return [name, file] as const;
  });
  const program = ts.createProgram(
    files.map(([, file]) => file),
    {
      strict: true,
      noEmit: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: true,
      skipDefaultLibCheck: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      types: [],
    },
  );
  return Object.fromEntries(
    files.map(([name, file]) => {
      const errors = program.getSemanticDiagnostics(program.getSourceFile(file));
      return [name, errors.map((error) => ts.flattenDiagnosticMessageText(error.messageText, '\n')).join('\n')];
    }),
  );
}

describe('the generated types', () => {
  it('take what leads.create takes, and nothing else', { timeout: 60_000 }, () => {
    const errors = compileUses();
    expect(errors['right']).toBe('');
    expect(errors['missing']).toContain('missing the following properties');
    expect(errors['stranger']).toContain("'loanAmount' does not exist");
    expect(errors['option']).toContain('"unknown"');
    expect(errors['number']).toContain("'number' is not assignable to type 'string'");
    expect(errors['empty']).toContain("'null' is not assignable to type 'string'");
  });

  it('are the same for the same schemas in any order, and survive hostile labels', () => {
    expect(generateTypes([...schemas].reverse())).toBe(source);
    const [first] = schemas;
    if (first === undefined) throw new Error('no schema');
    const hostile = generateTypes([
      { ...first, fields: [{ key: 'note', label: '*/ } evil(); /*\n\u2028 x', type: 'text' }] },
    ]);
    expect(hostile).toContain('/** * / } evil(); /* x */');
  });
});
