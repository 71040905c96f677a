import {
  type DefinitionChange,
  definitionJsonSchema,
  diffDefinitions,
  type StandingDefinition,
  type StoredDraft,
} from '@lms/core';
import { type ProductLineDefinition, parseDefinition } from '@lms/core/fields';
import { hasCode, LmsError, type Problem } from '@lms/core/kernel';
import { problemsOf, readDefinitionFile } from '../input/definition-file.js';
import { printable } from '../output/index.js';
import { type Asker, askerFor } from '../prompts/asker.js';
import { EditedFile } from '../prompts/edited-file.js';
import { runEditor } from '../prompts/run-editor.js';
import type { Session } from '../session.js';
import { definitionDiffView } from '../views/definition-diff-view.js';
import { definitionText } from '../views/definition-text.js';
import { publishedText } from './schema-publish.js';

export interface SchemaEditOptions {
  readonly published?: true;
}

/** What an edit began with. */
interface Begun {
  readonly line: string;
  /** The text that the editor opens. */
  readonly text: string;
  /** Null for a line that was never published. */
  readonly base: StandingDefinition | null;
  readonly draft: StoredDraft | null;
  readonly isDraftOpened: boolean;
}

/** An edit under way. */
interface Edit extends Begun {
  readonly session: Session;
  readonly asker: Asker;
  readonly file: EditedFile;
}

/** What was read back from the editor. */
interface Reading {
  /** Null when it cannot be read as the definition of this line; then there is no draft to save either. */
  readonly json: unknown;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

const schemaFile = 'product-line.schema.json';

/**
 * Opens the draft of a line, or what is published, in the person's editor; what was saved is checked, shown as a difference,
 * and then published, kept as the draft, edited again or thrown away. Nothing is written over what somebody else published
 * or drafted in the meantime. Unless the person throws it away the text stays in a file that is named.
 * @throws LmsError `USAGE_INVALID` where there is no terminal, `DEFINITION_CONFLICT`, `COMMAND_ABORTED`
 */
export async function editSchema(session: Session, line: string, options: SchemaEditOptions): Promise<void> {
  const asker = askerFor(session);
  if (asker === null) {
    const message = `lms schema edit needs a terminal; elsewhere: lms schema show ${line} --definition > FILE, change it, then lms schema publish FILE`;
    throw new LmsError('USAGE_INVALID', { message });
  }
  const begun = await begin(session, line, options);
  const file = await EditedFile.make(`${line}.yaml`, begun.text, {
    [schemaFile]: `${JSON.stringify(definitionJsonSchema(), null, 2)}\n`,
  });
  try {
    await editUntilDone({ ...begun, session, asker, file });
    await file.remove();
  } catch (thrown) {
    if (!(await file.isChanged())) await file.remove();
    else session.output.warn(printable(`Your text is kept in ${await file.keep()}`));
    throw thrown;
  }
}

async function begin({ me, output }: Session, line: string, options: SchemaEditOptions): Promise<Begun> {
  const draft = await me.schemas.draft(line);
  const isThere = draft === null || (await me.schemas.list()).some(({ slug }) => slug === line);
  const base = isThere ? await me.schemas.standing(line) : null;
  const opened = draft !== null && (options.published !== true || base === null) ? draft : null;
  if (opened !== null) output.say(`Opened the draft that ${opened.savedBy} saved at ${opened.savedAt}`);
  if (opened !== null && base !== null && opened.baseRevision !== base.revision) {
    output.warn('warning: the line was published since that draft was begun; what came in since is not in it');
  }
  const definition = opened === null ? base?.definition : opened.definition;
  const text = definitionText(definition ?? { slug: line }, `./${schemaFile}`);
  return { line, text, base, draft, isDraftOpened: opened !== null };
}

async function editUntilDone(edit: Edit): Promise<void> {
  for (;;) {
    await runEditor(edit.file.path, edit.session.environment);
    if (!edit.isDraftOpened && !(await edit.file.isChanged())) {
      edit.session.output.say('Nothing was changed.');
      return;
    }
    const reading = await read(edit);
    const isDone = reading.problems.length > 0 ? await refuse(edit, reading) : await accept(edit, reading);
    if (isDone) return;
  }
}

async function read({ session, line, file }: Edit): Promise<Reading> {
  try {
    const { definition, withPlaces } = await readDefinitionFile(file.path);
    const slug: unknown =
      typeof definition === 'object' && definition !== null ? Reflect.get(definition, 'slug') : null;
    if (slug !== line) {
      const problem = { path: 'slug', rule: 'other-line', message: `expected ${line}, which never changes` };
      return { json: null, problems: withPlaces([problem]), warnings: [] };
    }
    const { problems, warnings } = await session.me.schemas.lint(definition);
    return { json: definition, problems: withPlaces(problems), warnings: withPlaces(warnings) };
  } catch (thrown) {
    if (!LmsError.isInstance(thrown) || !hasCode(thrown, 'DEFINITION_INVALID')) throw thrown;
    return { json: null, problems: problemsOf(thrown), warnings: [] };
  }
}

type Answer = 'publish' | 'draft' | 'again' | 'keep' | 'discard';

const answers: Readonly<Record<Answer, string>> = {
  publish: 'Publish it',
  again: 'Edit again',
  draft: 'Save it as the draft, publish later',
  keep: 'Keep the text in a file and stop',
  discard: 'Throw it away',
};

/** @returns whether the edit is at its end */
async function refuse(edit: Edit, reading: Reading): Promise<boolean> {
  const { output } = edit.session;
  output.warn(output.style.red('It cannot be published:'));
  for (const { path, message } of reading.problems) output.warn(printable(`  - ${path}: ${message}`));
  const possible: readonly Answer[] =
    reading.json === null ? ['again', 'keep', 'discard'] : ['again', 'draft', 'keep', 'discard'];
  return settle(edit, reading, await ask(edit, possible));
}

async function accept(edit: Edit, reading: Reading): Promise<boolean> {
  const { output } = edit.session;
  for (const { path, message } of reading.warnings) output.warn(printable(`warning: ${path}: ${message}`));
  const changes = diffDefinitions(edit.base?.definition ?? null, definitionIn(reading));
  if (changes.length === 0) {
    output.say('It says the same as what is published.');
    // Publishing it changes nothing, and the draft is done with.
    const more: readonly Answer[] = edit.draft === null ? [] : ['publish'];
    return settle(edit, reading, await ask(edit, [...more, 'again', 'keep', 'discard']));
  }
  showChanges(edit, 'This would change:', changes);
  return settle(edit, reading, await ask(edit, ['publish', 'draft', 'again', 'keep', 'discard']));
}

function ask({ asker }: Edit, possible: readonly Answer[]): Promise<Answer> {
  return asker.choose(
    'What now?',
    possible.map((value) => ({ value, name: answers[value] })),
  );
}

async function settle(edit: Edit, reading: Reading, answer: Answer): Promise<boolean> {
  const { output } = edit.session;
  switch (answer) {
    case 'again':
      return false;
    case 'publish':
      return publish(edit, reading);
    case 'draft':
      await saveDraft(edit, reading);
      return true;
    case 'keep':
      output.say(`Nothing was changed. Your text is in ${await edit.file.keep()}`);
      return true;
    case 'discard':
      output.say('Nothing was changed.');
      return true;
  }
}

/** @returns false when it cannot be published after all, and is edited again */
async function publish(edit: Edit, reading: Reading): Promise<boolean> {
  const { session, base } = edit;
  try {
    const result = await session.me.schemas.publish(reading.json, { expectedRevision: base?.revision ?? 0 });
    session.output.answer(result, () => publishedText(result));
    await discardOwnDraft(edit);
    return true;
  } catch (thrown) {
    if (!LmsError.isInstance(thrown)) throw thrown;
    if (hasCode(thrown, 'DEFINITION_CONFLICT')) await showMeanwhile(edit);
    if (!hasCode(thrown, 'DEFINITION_INVALID')) throw thrown;
    // Such as a lead that came into a stage just now.
    return refuse(edit, { ...reading, problems: problemsOf(thrown) });
  }
}

/** The draft that was there when the edit began is in what was published, or was passed over knowingly; another one stays. */
async function discardOwnDraft({ session, line, draft }: Edit): Promise<void> {
  if (draft === null) return;
  try {
    await session.me.schemas.discardDraft(line, { replaces: draft.savedAt });
  } catch (thrown) {
    if (!hasCode(thrown, 'DEFINITION_CONFLICT')) throw thrown;
    session.output.warn('warning: somebody saved another draft meanwhile; it is still there: lms schema diff shows it');
  }
}

async function saveDraft({ session, line, base, draft }: Edit, reading: Reading): Promise<void> {
  const saved = await session.me.schemas.saveDraft(reading.json, {
    expectedRevision: base?.revision ?? 0,
    replaces: draft?.savedAt ?? null,
  });
  session.output.answer(saved, () => `${line}: saved as the draft`);
  session.output.say(
    `Next: lms schema edit ${line} goes on with it, lms schema diff ${line} shows what it would change`,
  );
}

/** What somebody else published while this was edited. */
async function showMeanwhile(edit: Edit): Promise<void> {
  const current = await edit.session.me.schemas.standing(edit.line);
  const changes = diffDefinitions(edit.base?.definition ?? null, current.definition);
  showChanges(edit, 'Nothing was published. Meanwhile somebody else published:', changes);
}

function showChanges({ session }: Edit, heading: string, changes: readonly DefinitionChange[]): void {
  session.output.warn(`${session.output.style.bold(heading)}\n${definitionDiffView(changes, session.output.style)}`);
}

function definitionIn({ json }: Reading): ProductLineDefinition {
  return parseDefinition(json);
}
