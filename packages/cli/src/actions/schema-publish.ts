import type { PublishResult } from '@lms/core';
import { hasCode, LmsError, type Problem } from '@lms/core/kernel';
import { type DefinitionFile, inFileError, problemsOf, readDefinitionFile } from '../input/definition-file.js';
import { commandLine } from '../output/command-line.js';
import { printable } from '../output/index.js';
import type { Session } from '../session.js';

export async function lintDefinition(session: Session, file: string): Promise<void> {
  const { me, output } = session;
  const read = await readDefinitionFile(file);
  const { problems, warnings } = await me.schemas.lint(read.definition);
  if (problems.length > 0) {
    throw LmsError.ofProblems('DEFINITION_INVALID', `${read.place} cannot be published`, read.withPlaces(problems));
  }
  output.answer({ problems, warnings }, () => printable(`${read.place} can be published`));
  warn(session, read.withPlaces(warnings));
  output.say(`Next: ${commandLine(['lms', 'schema', 'publish', file])}`);
}

/** Every file is read before the first is published; each is published whole or not at all. */
export async function publishDefinitions(session: Session, files: readonly string[]): Promise<void> {
  const { output } = session;
  const read: DefinitionFile[] = [];
  for (const file of files) read.push(await readDefinitionFile(file));
  const published: PublishResult[] = [];
  for (const file of read) published.push(await publish(session, file));
  output.answer(published, () => published.map(publishedText).join('\n'));
  const [first] = published;
  if (first !== undefined) output.say(`Next: lms import FILE --product ${first.head.slug} --dry-run`);
}

export function publishedText({ head, changed }: PublishResult): string {
  const versions = `fields ${head.schemaVersion}, pipeline ${head.pipelineVersion}`;
  return changed.length === 0 ? `${head.slug}: unchanged (${versions})` : `${head.slug}: published (${versions})`;
}

async function publish(session: Session, file: DefinitionFile): Promise<PublishResult> {
  try {
    const result = await session.me.schemas.publish(file.definition);
    warn(session, file.withPlaces(result.warnings));
    return result;
  } catch (thrown) {
    if (!LmsError.isInstance(thrown) || !hasCode(thrown, 'DEFINITION_INVALID')) throw thrown;
    throw inFileError(file.place, thrown, file.withPlaces(problemsOf(thrown)));
  }
}

function warn({ output }: Session, warnings: readonly Problem[]): void {
  for (const { path, message } of warnings) output.warn(printable(`warning: ${path}: ${message}`));
}
