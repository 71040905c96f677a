import { buildPackages } from '../build-packages.ts';
import { checkAmbientState } from './ambient-state.ts';
import { checkFormatting } from './formatting.ts';
import type { Gate } from './gate.ts';
import { checkImportDirections } from './import-directions.ts';
import { checkPackedPackages } from './packed-packages.ts';
import { checkTypes } from './types.ts';
import { checkUnusedCode } from './unused-code.ts';

/** In the order they run: the later ones of the first lane read what its first one built; the types take as long as all of those. */
export const allGates: readonly (readonly Gate[])[] = [
  [
    { name: 'build (tsup)', run: () => buildPackages() },
    { name: 'formatting and lint (biome)', run: () => checkFormatting() },
    { name: 'unused code (knip)', run: () => checkUnusedCode() },
    { name: 'import directions (dependency-cruiser)', run: () => checkImportDirections() },
    { name: 'no ambient state in core', run: () => checkAmbientState() },
    { name: 'packed packages (publint, attw)', run: () => checkPackedPackages() },
  ],
  [{ name: 'types (tsc)', run: () => checkTypes() }],
];
