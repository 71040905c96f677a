import { type DefinitionChange, diffDefinitions, type PartVersion, type StandingDefinition } from '@lms/core';
import { type ProductLineDefinition, parseDefinition } from '@lms/core/fields';
import { LmsError, type Problem } from '@lms/core/kernel';
import { inFileError, problemsOf, readDefinitionFile } from '../input/definition-file.js';
import type { Session } from '../session.js';
import { definitionDiffView } from '../views/definition-diff-view.js';

export interface SchemaDiffOptions {
  readonly from?: string;
  readonly to?: string;
}

/** One of the two definitions that are compared. */
interface Side {
  /** As messages call it. */
  readonly name: string;
  readonly definition: ProductLineDefinition | null;
  /** Adds line and column where the definition is in a file. */
  readonly withPlaces?: (problems: readonly Problem[]) => readonly Problem[];
}

/**
 * What is other in the newer definition. Without `from` it is compared with what is published, or with the version before
 * it; without `to` the newer one is the draft, or what is published where there is none.
 */
export async function diffSchema(session: Session, line: string, options: SchemaDiffOptions): Promise<void> {
  const { output } = session;
  const to = options.to ?? (options.from === undefined ? await newestOf(session, line) : 'published');
  const after = await sideOf(session, line, to);
  const before =
    options.from === undefined ? await formerSide(session, line, to) : await sideOf(session, line, options.from);
  if (after.definition === null) throw noDraft(line);
  const changes = diffDefinitions(before.definition, after.definition);
  output.answer({ productLine: line, from: before.name, to: after.name, changes }, () =>
    [
      output.style.bold(`${line}: ${before.name} -> ${after.name}`),
      changes.length === 0 ? 'Nothing differs.' : definitionDiffView(withPlaces(changes, after), output.style),
    ].join('\n'),
  );
}

/** The draft, or the version that was published last. */
async function newestOf({ me }: Session, line: string): Promise<string> {
  if ((await me.schemas.draft(line)) !== null) return 'draft';
  const { schemaVersion, pipelineVersion } = await me.schemas.standing(line);
  const head = (await me.schemas.list()).find(({ slug }) => slug === line);
  const [newest] = await me.schemas.versions(line);
  return newest?.publishedAt === head?.updatedAt ? `fields:${schemaVersion}` : `pipeline:${pipelineVersion}`;
}

/** What a version was published over; what is published, for a draft or a file. */
async function formerSide(session: Session, line: string, to: string): Promise<Side> {
  const version = versionOf(to);
  if (version === null) return sideOf(session, line, 'published');
  return version.version === 1 ? nothing : versionSide(session, line, { ...version, justBefore: true });
}

/** `3` and `fields:3` are versions of the fields, `pipeline:2` one of the pipeline. */
function versionOf(text: string): PartVersion | null {
  const [, part = 'fields', version] = /^(?:(fields|pipeline):)?(\d{1,9})$/.exec(text) ?? [];
  if (version === undefined) return null;
  return { part: part === 'pipeline' ? 'pipeline' : 'fields', version: Number(version) };
}

async function sideOf(session: Session, line: string, text: string): Promise<Side> {
  const version = versionOf(text);
  if (version !== null) return versionSide(session, line, version);
  if (text === 'published') return publishedSide(session, line);
  return text === 'draft' ? draftSide(session, line) : fileSide(line, text);
}

const nothing: Side = { name: 'nothing', definition: null };

async function versionSide({ me }: Session, line: string, at: PartVersion): Promise<Side> {
  const standing = await me.schemas.standing(line, at);
  return { name: versionsText(standing), definition: standing.definition };
}

/** A draft of a line that was never published is compared with nothing. */
async function publishedSide({ me }: Session, line: string): Promise<Side> {
  const isThere = (await me.schemas.list()).some(({ slug }) => slug === line);
  if (!isThere && (await me.schemas.draft(line)) !== null) return nothing;
  const standing = await me.schemas.standing(line);
  return { name: `published (${versionsText(standing)})`, definition: standing.definition };
}

function versionsText({ schemaVersion, pipelineVersion }: StandingDefinition): string {
  return `fields ${schemaVersion}, pipeline ${pipelineVersion}`;
}

async function draftSide({ me }: Session, line: string): Promise<Side> {
  const draft = await me.schemas.draft(line);
  if (draft === null) throw noDraft(line);
  return { name: `draft of ${draft.savedAt}`, definition: parseDefinition(draft.definition) };
}

async function fileSide(line: string, file: string): Promise<Side> {
  const { place, definition, withPlaces: places } = await readDefinitionFile(file);
  try {
    const parsed = parseDefinition(definition);
    if (parsed.slug === line) return { name: place, definition: parsed, withPlaces: places };
    const message = `${place} defines "${parsed.slug}", not "${line}"`;
    throw new LmsError('USAGE_INVALID', { message, path: 'slug' });
  } catch (thrown) {
    if (!LmsError.isInstance(thrown)) throw thrown;
    throw inFileError(place, thrown, places(problemsOf(thrown)));
  }
}

function withPlaces(changes: readonly DefinitionChange[], side: Side): readonly DefinitionChange[] {
  const places = side.withPlaces;
  if (places === undefined) return changes;
  return changes.map((change) => {
    if (change.kind === 'removed') return change;
    const [placed] = places([{ path: change.path, rule: change.kind, message: change.text }]);
    return { ...change, text: placed?.message ?? change.text };
  });
}

function noDraft(line: string): LmsError {
  return new LmsError('LINE_NOT_FOUND', { message: `There is no draft of "${line}"`, path: 'draft' });
}
