import type { StoreAddress } from '../data/store-place.ts';
import type { ByHand } from './by-hand.ts';
import { hybridByHand } from './hybrid-by-hand.ts';
import { mysqlByHand } from './mysql-by-hand.ts';
import { sqliteByHand } from './sqlite-by-hand.ts';

/** @param stages of the product line: a board may have leads in each */
export async function openByHand(address: StoreAddress, stages: readonly string[]): Promise<ByHand> {
  if (address.shape === 'sqlite') return sqliteByHand(address.file, stages);
  return address.shape === 'mysql' ? mysqlByHand(address.mysqlUrl, stages) : hybridByHand(address, stages);
}
