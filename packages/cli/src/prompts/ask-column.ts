import type { FieldDefinition } from '@lms/core/fields';
import { printable } from '../output/index.js';
import type { Asker, Choice } from './asker.js';
import type { FileColumn } from './column-map.js';
import type { ConsentChoice } from './consent-choices.js';

/** Asks for a column and for what it holds. @returns the key of a field, `-` to leave the column out, or what its cells say of consents */
export async function askColumn(
  asker: Asker,
  table: {
    readonly columns: readonly FileColumn[];
    readonly fields: readonly FieldDefinition[];
    /** Keys of required fields that no column holds. */
    readonly missing: readonly string[];
    readonly consents: readonly ConsentChoice[];
  },
): Promise<{ readonly column: FileColumn; readonly holds: string | ConsentChoice }> {
  const { columns, fields, missing, consents } = table;
  const shown = columns.map(columnChoice);
  const column = await asker.search('Which column?', (typed) => matching(shown, typed));
  const choices: readonly Findable<string | ConsentChoice>[] = [
    ...fieldChoices(column, { columns, fields, missing, consents }),
    ...consents.map(sayingChoice),
  ];
  const question = printable(`What does column ${column.letter} "${column.heading}" hold?`);
  return { column, holds: await asker.search(question, (typed) => matching(choices, typed)) };
}

function sayingChoice(choice: ConsentChoice): Findable<ConsentChoice> {
  const name = printable(choice.name);
  const says = choice.flag === '--block' ? 'yes or no' : 'yes or no, or since when';
  return { value: choice, name, words: name, description: `cells say ${says}` };
}

/** A choice with the words by which it is found. */
interface Findable<Value> extends Choice<Value> {
  readonly words: string;
}

function matching<Value>(choices: readonly Findable<Value>[], typed: string): readonly Choice<Value>[] {
  const wanted = typed.trim().toLowerCase();
  return choices.filter(({ words }) => words.toLowerCase().includes(wanted));
}

function columnChoice(column: FileColumn): Findable<FileColumn> {
  const name = printable(`${column.letter}  ${column.heading}  ${holdsText(column)}`);
  const samples = 'says' in column ? [] : column.samples;
  return { value: column, name, words: name, description: printable(samples.join(', ')) };
}

function holdsText(column: FileColumn): string {
  if ('field' in column) return `-> ${column.field}`;
  if ('says' in column) return `says ${column.says}`;
  return `not read${column.suggestion === null ? '' : `, perhaps ${column.suggestion}`}`;
}

/** What is likely comes first, then what is missing, then the fields in their order. */
function fieldChoices(column: FileColumn, table: Parameters<typeof askColumn>[1]): readonly Findable<string>[] {
  const likely = 'field' in column ? column.field : 'says' in column ? null : column.suggestion;
  const rank = ({ key }: FieldDefinition): number => (key === likely ? 0 : table.missing.includes(key) ? 1 : 2);
  const holders = new Map(table.columns.flatMap((one) => ('field' in one ? [[one.field, one.letter] as const] : [])));
  const inUse = table.fields.filter((field) => field.retired !== true);
  const choices = inUse
    .toSorted((a, b) => rank(a) - rank(b))
    .map((field): Findable<string> => {
      const { key, label, type, required, synonyms = [] } = field;
      const holder = holders.get(key);
      const facts = [
        type,
        ...(required === true ? ['required'] : []),
        ...(holder === undefined ? [] : [`now read from column ${holder}`]),
      ];
      return {
        value: key,
        name: printable(`${label} (${key})`),
        words: [key, label, ...synonyms].join('\n'),
        description: facts.join(', '),
      };
    });
  const leaveOut = { value: '-', name: 'Nothing: leave it out', words: 'nothing: leave it out -' };
  return 'field' in column ? [...choices.slice(0, 1), leaveOut, ...choices.slice(1)] : choices;
}
