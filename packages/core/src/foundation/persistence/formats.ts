import { LmsError } from '../kernel/index.js';

/** What says which shape it has. */
export interface Formatted {
  readonly format: number;
}

/** A record as the release before wrote it. */
export type OlderRecord = Formatted & Readonly<Record<string, unknown>>;

/** How records of one kind are read over the releases: a release reads its own format and the one before. */
export interface Formats<Current extends Formatted> {
  /** For people: `lead`. */
  readonly kind: string;
  /** The format that this release writes. */
  readonly written: number;
  /** Makes of a record of the format before one of this; null while there is none before. Of a record it makes the same each time. */
  readonly fromBefore: ((older: OlderRecord) => Current) | null;
}

/**
 * The record in the format of this release. Reading changes nothing at rest: a record is kept in the new format when it is next
 * written.
 * @throws LmsError `STORE_TOO_NEW` for one of a newer release, `STORE_OUTDATED` for one older than the format before
 */
export function inThisFormat<Current extends Formatted>(
  formats: Formats<Current>,
  stored: Current | OlderRecord,
): Current {
  if (isWrittenHere(formats, stored)) return stored;
  const { kind, written, fromBefore } = formats;
  if (fromBefore !== null && stored.format === written - 1) return fromBefore(stored);
  if (stored.format > written) {
    throw new LmsError('STORE_TOO_NEW', {
      message: `a ${kind} was written by a newer release (format ${stored.format}; this one knows ${written}); upgrade LMS`,
      details: { kind, found: stored.format, known: written },
    });
  }
  throw new LmsError('STORE_OUTDATED', {
    message: `a ${kind} has format ${stored.format}; this release reads ${written}${fromBefore === null ? '' : ` and ${written - 1}`}. Migrate with the release in between: lms storage migrate`,
    details: { kind, found: stored.format, known: written },
  });
}

/** The format number is what says which of the two it is. */
function isWrittenHere<Current extends Formatted>(
  { written }: Formats<Current>,
  stored: Current | OlderRecord,
): stored is Current {
  return stored.format === written;
}
