import type { Lms } from '../../src/index.js';
import { crashLine } from './crash-line.js';
import { root } from './leads-of-point.js';
import type { CrashOperation } from './operation.js';
import type { RawState } from './raw-state.js';

/** Mappings that are kept for imports. */
export const mappingOperations: readonly CrashOperation[] = [
  {
    name: 'save a mapping',
    run: (lms, { tag }) => saveMapping(lms, tag, { column: 'Name', over: 0 }),
    doneAlready: ['MAPPING_CONFLICT'],
    signs: (state, { tag }) => ({ 'the mapping': mappingsOf(state, tag).join() === '1 Name' }),
  },
  {
    name: 'change a mapping',
    async prepare({ lms }, { tag }) {
      await saveMapping(lms, tag, { column: 'Name', over: 0 });
      return [];
    },
    run: (lms, { tag }) => saveMapping(lms, tag, { column: 'Customer', over: 1 }),
    doneAlready: ['MAPPING_CONFLICT'],
    signs: (state, { tag }) => ({ 'the mapping': mappingsOf(state, tag).join() === '2 Customer' }),
  },
  {
    name: 'remove a mapping',
    async prepare({ lms }, { tag }) {
      await saveMapping(lms, tag, { column: 'Name', over: 0 });
      const { id } = await lms.as(root).imports.mappings.get({ productLine: crashLine.slug, name: tag });
      return [id];
    },
    run: (lms, { tag }) => lms.as(root).imports.mappings.remove({ productLine: crashLine.slug, name: tag }),
    doneAlready: ['MAPPING_NOT_FOUND'],
    signs: (state, { tag, leads: [mapping] }) => ({
      'no mapping': mappingsOf(state, tag).length === 0,
      'what tells of it':
        state.audit.filter(({ aggregateId, eventType }) => {
          return aggregateId === mapping && eventType === 'mapping.removed';
        }).length === 1,
    }),
  },
];

function mappingsOf({ mappings }: RawState, tag: string): readonly string[] {
  return mappings
    .filter(({ name }) => name === tag)
    .map(({ version, document }) => `${version} ${/"columns":\{"(\w+)"/.exec(document)?.[1]}`);
}

async function saveMapping(
  lms: Lms,
  name: string,
  { column, over }: { readonly column: string; readonly over: number },
): Promise<void> {
  const document = { columns: { [column]: 'fullName' } };
  await lms.as(root).imports.mappings.save({ productLine: crashLine.slug, name, document }, { expectedVersion: over });
}
