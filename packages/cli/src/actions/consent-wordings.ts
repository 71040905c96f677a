import { readTextFile } from '../input/text.js';
import { printable, table } from '../output/index.js';
import { printableLines } from '../output/printable.js';
import type { Session } from '../session.js';
import { nextPage } from './lead-list.js';

export interface WordingListOptions {
  readonly purpose?: string;
  readonly language?: string;
  readonly limit: number;
  readonly cursor?: string;
}

export interface WordingAddOptions {
  readonly purpose: string;
  readonly language: string;
  readonly wording?: number;
}

export async function listPurposes({ me, output }: Session): Promise<void> {
  const purposes = await me.consents.purposes();
  output.answer({ items: purposes }, () =>
    table(
      purposes,
      [
        { heading: 'Purpose', cell: ({ slug }) => slug },
        { heading: 'Name', cell: ({ name }) => printable(name), minimum: 10 },
        { heading: 'Reaches by', cell: ({ contact }) => contact ?? '' },
        { heading: 'Per partner', cell: ({ perPartner }) => (perPartner === true ? 'yes' : '') },
        { heading: 'Holds', cell: ({ holdsForDays }) => (holdsForDays === undefined ? '' : `${holdsForDays} days`) },
      ],
      output,
    ),
  );
}

export async function listWordings(session: Session, options: WordingListOptions): Promise<void> {
  const { me, output, format } = session;
  const { purpose, language, limit, cursor } = options;
  const { wordings, next } = await me.consents.wordings.list({
    limit,
    ...(purpose === undefined ? {} : { purpose }),
    ...(language === undefined ? {} : { language }),
    ...(cursor === undefined ? {} : { after: cursor }),
  });
  output.answer({ items: wordings, nextCursor: next }, () =>
    wordings.length === 0
      ? ''
      : table(
          wordings,
          [
            { heading: 'Purpose', cell: (wording) => wording.purpose, importance: 3 },
            { heading: 'Language', cell: (wording) => wording.language, importance: 3 },
            { heading: 'Version', cell: ({ version }) => String(version), align: 'right', importance: 3 },
            { heading: 'Text', cell: ({ text }) => printable(text.replaceAll(/\s+/g, ' ').trim()), minimum: 10 },
            { heading: 'Added', cell: ({ addedAt }) => format.time(addedAt) },
            { heading: 'By', cell: ({ addedBy }) => addedBy, minimum: 6 },
          ],
          output,
        ),
  );
  if (wordings.length === 0)
    output.say('No text is there. To add one: lms consent wordings add FILE --purpose PURPOSE');
  if (next !== null) output.say(`More: ${nextPage(session, next)}`);
}

export async function addWording({ me, output }: Session, file: string, options: WordingAddOptions): Promise<void> {
  const { wording: version, ...rest } = options;
  const text = await readTextFile(file);
  const added = await me.consents.wordings.add({ ...rest, text, ...(version === undefined ? {} : { version }) });
  output.answer(added, () => `${output.style.bold(added.purpose)} ${added.language} ${added.version}  ${added.hash}`);
}

export async function showWording(
  { me, output }: Session,
  asked: { readonly purpose: string; readonly language: string; readonly version: number },
): Promise<void> {
  const wording = await me.consents.wordings.get(asked.purpose, asked.language, asked.version);
  output.answer(wording, () => printableLines(wording.text).join('\n'));
}
