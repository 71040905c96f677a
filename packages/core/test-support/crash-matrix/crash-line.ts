import { loanLine } from '../loan-line.js';
import type { Subject } from './operation.js';

/** A line whose leads have all three unique values; the fields that a crash may tear apart. */
export const crashLine: Omit<typeof loanLine, 'slug' | 'name'> & { readonly slug: string; readonly name: string } = {
  ...loanLine,
  slug: 'crash-line',
  name: 'Crash line',
};

/** Slug of the line that a point has of its own, for operations on definitions. */
export function ownSlug({ tag }: Pick<Subject, 'tag'>): string {
  return `line-${tag}`;
}

/** That line's definition, with or without one more field and one more stage. */
export function ownLine(subject: Pick<Subject, 'tag'>, change: { readonly grown: boolean }): object {
  const line = { ...crashLine, slug: ownSlug(subject) };
  if (!change.grown) return line;
  const stages = crashLine.pipeline.stages.map((stage) =>
    stage.slug === 'contacted' ? { ...stage, next: [...stage.next, 'parked'] } : stage,
  );
  return {
    ...line,
    fields: [...line.fields, { key: 'nickname', label: 'Nickname', type: 'text' }],
    pipeline: { stages: [...stages, { slug: 'parked', name: 'Parked', colour: '#555555', next: ['contacted'] }] },
  };
}

/** Values of a person that no other point has. @param who counts the people of a point, from 0 to 9 */
export function personOf({ serial }: Pick<Subject, 'serial'>, who = 0): Record<string, string> {
  return {
    fullName: `Crash Person ${serial} ${who}`,
    mobile: String(9_000_000_000 + serial * 10 + who),
    email: `crash-${serial}-${who}@example.in`,
    pan: `AAAP${String.fromCharCode(65 + who)}${String((serial % 9_999) + 1).padStart(4, '0')}A`,
    loanAmount: '2.5 lakh',
    city: 'Pune',
  };
}
