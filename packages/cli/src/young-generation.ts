import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the part of memory in which V8 makes new objects as small as it begins. Work that makes garbage without end would let it grow by
 * some 90 MB, which saves it next to nothing: 100,000 leads exported took some 200 MB with this and 300 without, in the same
 * processor time.
 */
export function keepYoungGenerationSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
