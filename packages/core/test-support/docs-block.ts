import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

/**
 * Compares the part of a page that stands between `<!-- made: name -->` and `<!-- end: name -->` with what it is made from. With
 * LMS_WRITE_DOCS=1 it is written instead.
 */
export async function expectDocsBlock(page: string, name: string, text: string): Promise<void> {
  const file = fileURLToPath(new URL(`../../../docs/${page}`, import.meta.url));
  const whole = await readFile(file, 'utf8');
  const [before, rest] = whole.split(`<!-- made: ${name} -->\n`);
  const [block, after] = rest?.split(`<!-- end: ${name} -->`) ?? [];
  if (before === undefined || block === undefined || after === undefined) {
    throw new Error(`docs/${page} has no block "${name}"`);
  }
  if (process.env['LMS_WRITE_DOCS'] === '1') {
    await writeFile(file, `${before}<!-- made: ${name} -->\n${text}\n<!-- end: ${name} -->${after}`);
    return;
  }
  expect(block, `docs/${page} is not current: run this test with LMS_WRITE_DOCS=1`).toBe(`${text}\n`);
}
