import { RejectFile } from '../src/crm/imports/rejects/reject-file.js';
import type { SourceForm } from '../src/crm/imports/rows/index.js';
import { StringSpill } from '../src/crm/imports/rows/string-spill.js';
import { LmsError } from '../src/foundation/kernel/index.js';

/** What the process writes until it is stopped: a reject file of a form, or the texts of a workbook. */
export interface RejectPlan {
  readonly file: string;
  readonly form: SourceForm | 'texts';
}

const plan: RejectPlan = JSON.parse(process.argv[2] ?? '{}');
const rows = 20_000;
/** Text that packing does not make small. */
const textOf = (row: number): string => Array.from({ length: 8 }, (_, at) => Math.sin(row * 8 + at)).join(' ');

async function write(form: SourceForm): Promise<void> {
  const rejects = await RejectFile.prepare({
    ...plan,
    form,
    input: `${plan.file}.in`,
    headings: ['a'],
    taken: 'refuses',
    runName: 'r',
  });
  try {
    for (let row = 1; row <= rows; row += 1) {
      const text = textOf(row);
      await rejects.add({ rowNumber: row, cells: [{ kind: 'text', text, value: text }] }, 'bad');
    }
    await rejects.finish();
  } catch (error) {
    await rejects.discard();
    throw error;
  }
}

function spill(): void {
  const texts = new StringSpill();
  try {
    for (let row = 1; row <= rows; row += 1) texts.add(textOf(row));
    texts.finish();
  } finally {
    texts.close();
  }
}

try {
  if (plan.form === 'texts') spill();
  else await write(plan.form);
  process.send?.({ code: null });
} catch (error) {
  process.send?.(LmsError.isInstance(error) ? { code: error.code, message: error.message } : { code: String(error) });
}
process.disconnect();
