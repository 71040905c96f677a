import { contactChannels, type ImportPreview, type SayingColumn } from '@lms/core';
import { hasCode } from '@lms/core/kernel';
import type { ConsentFlags } from '../input/consent-flags.js';
import type { Session } from '../session.js';

/** What cells of a column may say besides the value of a field: a flag of `lms import` without its column. */
export interface ConsentChoice {
  readonly flag: '--consent' | '--block';
  /** `marketing:en`, `call`. */
  readonly text: string;
  readonly name: string;
}

const mostWordings = 200;

/** What can be said in this store: the purposes for which there is a text, and the channels. None for who may not read them. */
export async function consentChoices({ me }: Session): Promise<readonly ConsentChoice[]> {
  try {
    const [{ wordings }, purposes] = await Promise.all([
      me.consents.wordings.list({ limit: mostWordings }),
      me.consents.purposes(),
    ]);
    const nameOf = new Map(purposes.map(({ slug, name }) => [slug, name]));
    const texts = new Map(wordings.map(({ purpose, language }) => [`${purpose}:${language}`, { purpose, language }]));
    return [
      ...[...texts].map(([text, { purpose, language }]): ConsentChoice => {
        const name = `Consent: ${nameOf.get(purpose) ?? purpose} (${purpose}), text in ${language}`;
        return { flag: '--consent', text, name };
      }),
      ...[...contactChannels, 'all'].map((channel): ConsentChoice => {
        const what = channel === 'all' ? 'at all' : `by ${channel}`;
        return { flag: '--block', text: channel, name: `Do not contact ${what}` };
      }),
    ];
  } catch (thrown) {
    if (hasCode(thrown, 'PERMISSION_DENIED')) return [];
    throw thrown;
  }
}

/** The columns that say what people allow and forbid, with what each says. */
export function sayingColumns({
  consents,
  contactBlocks,
}: Pick<ImportPreview, 'consents' | 'contactBlocks'>): readonly (SayingColumn & { readonly says: string })[] {
  return [
    ...consents.map(({ purpose, column }) => ({ column, says: `consent ${purpose}` })),
    ...contactBlocks.map(({ channel, column }) => ({ column, says: `do not contact: ${channel}` })),
  ].flatMap(({ column, says }) => (column === null ? [] : [{ ...column, says }]));
}

/** The flags without what was said of a column, and with what it says now. @param name of the column, as flags name it */
export function saidWith(
  { consent = [], block = [] }: ConsentFlags,
  column: Pick<SayingColumn, 'heading' | 'letter'>,
  said: { readonly name: string; readonly choice: ConsentChoice | null },
): Pick<ConsentFlags, 'consent' | 'block'> {
  const names = [column.heading, `column ${column.letter}`].map((name) => name.toLowerCase());
  const isOfAnother = (text: string): boolean => {
    const at = text.indexOf('@');
    return at < 0 || !names.includes(text.slice(at + 1).trim().toLowerCase());
  };
  const { choice } = said;
  const added = (flag: ConsentChoice['flag']): readonly string[] =>
    choice?.flag === flag ? [`${choice.text}@${said.name}`] : [];
  const consents = [...consent.filter(isOfAnother), ...added('--consent')];
  const blocks = [...block.filter(isOfAnother), ...added('--block')];
  return {
    ...(consents.length === 0 ? {} : { consent: consents }),
    ...(blocks.length === 0 ? {} : { block: blocks }),
  };
}
