import { extname } from 'node:path';
import { type DefinitionText, readDefinitionText, withPlaces } from '@lms/core/fields';
import { LmsError, type Problem } from '@lms/core/kernel';
import { placeOf, readTextFile } from './text.js';

/** A definition file, with what its problems need to be found in it. */
export interface DefinitionFile {
  /** How messages name it. */
  readonly place: string;
  readonly definition: DefinitionText['json'];
  /** The same problems, each with its line and column. */
  withPlaces(problems: readonly Problem[]): readonly Problem[];
}

/** Reads YAML, or JSON where the name ends in `.json`. @throws LmsError `DEFINITION_INVALID` with lines and columns */
export async function readDefinitionFile(file: string): Promise<DefinitionFile> {
  const place = placeOf(file);
  const format = extname(file).toLowerCase() === '.json' ? 'json' : 'yaml';
  const content = await readTextFile(file);
  const text = inFile(place, () => readDefinitionText(content, { format }));
  if (typeof text.json !== 'object' || text.json === null) {
    const problem = { path: 'file', rule: 'not-an-object', message: 'expected slug, name, fields and pipeline' };
    throw LmsError.ofProblems('DEFINITION_INVALID', `${place} is refused`, [problem]);
  }
  return { place, definition: text.json, withPlaces: (problems) => withPlaces(problems, text) };
}

/** Runs `work`; an error about the definition says which file it is about. */
function inFile<Result>(place: string, work: () => Result): Result {
  try {
    return work();
  } catch (thrown) {
    throw LmsError.isInstance(thrown) ? inFileError(place, thrown, problemsOf(thrown)) : thrown;
  }
}

/** The same error, about the file, with these problems. */
export function inFileError(place: string, error: LmsError, problems: readonly Problem[]): LmsError {
  return problems.length === 0 ? error : LmsError.ofProblems(error.code, `${place} is refused`, problems);
}

/** The wrong places that an error lists. */
export function problemsOf(error: LmsError): readonly Problem[] {
  const listed: unknown = error.details['problems'];
  return Array.isArray(listed) ? listed.filter(isProblem) : [];
}

function isProblem(value: unknown): value is Problem {
  if (typeof value !== 'object' || value === null) return false;
  return ['path', 'rule', 'message'].every((key) => typeof Reflect.get(value, key) === 'string');
}
