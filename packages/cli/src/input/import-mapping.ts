import { existsSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { type MappingDocument, parseMappingText } from '@lms/core';
import { LmsError } from '@lms/core/kernel';
import type { Session } from '../session.js';
import { inFileError, problemsOf } from './definition-file.js';
import { placeOf, readTextFile } from './text.js';

export interface MappingOptions {
  readonly product?: string;
  /** A name or a file; false for none, whatever the source. */
  readonly mapping?: string | false;
  readonly source?: string;
}

/** How the columns of a file are read, and what that is called. */
export interface ChosenMapping {
  readonly name: string;
  readonly document: MappingDocument;
  /** That nobody asked for it: it is the one kept for the source. */
  readonly bySource: boolean;
}

const fileEndings: readonly string[] = ['.yaml', '.yml', '.json'];

/**
 * The mapping that `--mapping` names: a file (by its ending, or because it is there), else one that was saved. Without it the one
 * that was saved under the name of the source.
 * @throws LmsError `MAPPING_NOT_FOUND`, `IMPORT_MAPPING_INVALID`, `INPUT_INVALID`
 */
export async function chosenMapping(session: Session, options: MappingOptions): Promise<ChosenMapping | null> {
  const { mapping, source, product } = options;
  const { mappings } = session.me.imports;
  if (mapping === false) return null;
  if (mapping !== undefined) {
    if (mapping === '-' || fileEndings.includes(extname(mapping).toLowerCase()) || existsSync(mapping)) {
      return { name: basename(mapping), document: await readMappingFile(mapping), bySource: false };
    }
    const { name, document } = await mappings.get({ productLine: required(product), name: mapping });
    return { name, document, bySource: false };
  }
  if (source === undefined || product === undefined) return null;
  const saved = await mappings.find({ productLine: product, name: source });
  return saved === null ? null : { name: saved.name, document: saved.document, bySource: true };
}

/** @throws LmsError `IMPORT_MAPPING_INVALID` with lines and columns */
export async function readMappingFile(file: string): Promise<MappingDocument> {
  const text = await readTextFile(file);
  try {
    return parseMappingText(text, { format: extname(file).toLowerCase() === '.json' ? 'json' : 'yaml' });
  } catch (thrown) {
    throw LmsError.isInstance(thrown) ? inFileError(placeOf(file), thrown, problemsOf(thrown)) : thrown;
  }
}

function required(product: string | undefined): string {
  if (product !== undefined) return product;
  throw new LmsError('USAGE_INVALID', {
    message: 'name the product line of a saved mapping: --product LINE',
    path: '--product',
  });
}
