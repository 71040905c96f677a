import type { Actor, Lms } from '../../src/index.js';
import { crashLine, personOf } from './crash-line.js';
import type { CrashOperation, Signs, Subject } from './operation.js';
import type { RawLead, RawState } from './raw-state.js';

export const root: Actor = { kind: 'user', id: 'root' };
export const agent: Actor = { kind: 'user', id: 'asha' };

type Person = Pick<Subject, 'tag' | 'serial'>;

/** Makes a lead that an operation changes. @returns its id */
export async function prepareLead({ lms }: { readonly lms: Lms }, subject: Person, who = 0): Promise<string> {
  const { id } = await lms.as(root).leads.create(newLead(subject, who));
  return id;
}

export function newLead(
  subject: Person,
  who = 0,
): { productLine: string; campaign: string; fields: Record<string, string> } {
  return { productLine: crashLine.slug, campaign: subject.tag, fields: personOf(subject, who) };
}

/** In the order of their numbers. */
export function leadsOf({ leads }: RawState, tag: string): readonly RawLead[] {
  return leads.filter(({ campaign }) => campaign === tag).toSorted((left, right) => left.numberSeq - right.numberSeq);
}

/** How many activities of a type a lead has, old ones too. */
export function activitiesOf({ oldActivities }: RawState, lead: RawLead | undefined, type: string): number {
  if (lead === undefined) return 0;
  const old = oldActivities.filter((activity) => activity.leadId === lead.id);
  return [...lead.activities, ...old].filter((activity) => activity.type === type).length;
}

/** Once, whatever its scope. */
export function hasKey({ commands }: RawState, key: string): boolean {
  return commands.filter((record) => record.key === key).length === 1;
}

/** An effect of several units, each with a name: all their signs together, and the units one by one. */
export function effectOf(
  unitsOf: (state: RawState, subject: Subject) => Readonly<Record<string, Signs>>,
): Required<Pick<CrashOperation, 'signs' | 'units'>> {
  return {
    signs: (state, subject) =>
      Object.fromEntries(
        Object.entries(unitsOf(state, subject)).flatMap(([unit, signs]) =>
          Object.entries(signs).map(([sign, isThere]) => [`${unit}: ${sign}`, isThere]),
        ),
      ),
    units: (state, subject) => Object.values(unitsOf(state, subject)),
  };
}

/** Refusals of items of a batch that are no sign of an earlier call. @throws Error naming them */
export function refuseOthers(
  outcomes: readonly ({ readonly ok: true } | { readonly ok: false; readonly error: { readonly code: string } })[],
  doneAlready: readonly string[],
): void {
  const refused = outcomes.filter((outcome) => !outcome.ok && !doneAlready.includes(outcome.error.code));
  if (refused.length > 0) throw new Error(`refused: ${JSON.stringify(refused)}`);
}
