import { hash } from 'node:crypto';
import { canonicalJson } from '../kernel/index.js';

/** The `prevHash` of the row at position 1. */
export const chainBeginning: string = '0'.repeat(64);

/** What a chain hash covers. */
export interface ChainLink {
  readonly position: number;
  /** `chainHash` of the row before; {@link chainBeginning} at position 1. */
  readonly prevHash: string;
  readonly payloadHash: string;
}

/** SHA-256, as 64 hexadecimal digits, over the RFC 8785 JSON of the link. */
export function chainHashOf({ position, prevHash, payloadHash }: ChainLink): string {
  return hash('sha256', canonicalJson({ payloadHash, position, prevHash }), 'hex');
}
