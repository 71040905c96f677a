import { extname } from 'node:path';
import { type CalendarDefinition, readCalendar } from '@lms/core';
import { readDefinitionText, withPlaces } from '@lms/core/fields';
import { LmsError } from '@lms/core/kernel';
import { inFileError, problemsOf } from './definition-file.js';
import { placeOf, readTextFile } from './text.js';

/** Reads a calendar in YAML, or JSON where the name ends in `.json`. @throws LmsError `INPUT_INVALID` with lines and columns */
export async function readCalendarFile(file: string): Promise<CalendarDefinition> {
  const place = placeOf(file);
  const text = readDefinitionText(await readTextFile(file), {
    format: extname(file).toLowerCase() === '.json' ? 'json' : 'yaml',
    refusal: (problems) => LmsError.ofProblems('INPUT_INVALID', `${place} is refused`, problems),
  });
  try {
    return readCalendar(text.json);
  } catch (thrown) {
    throw LmsError.isInstance(thrown) ? inFileError(place, thrown, withPlaces(problemsOf(thrown), text)) : thrown;
  }
}
