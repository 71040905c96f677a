import { LookupRing, loadMasterKeys, Vault } from '../../src/foundation/privacy/index.js';
import { matrixKeys } from './matrix-keys.js';
import { type RowOf, rowOf } from './raw-shape.js';

/** What a lead may hold alone: the key that is held where a rule of its line covers it. */
export interface Claim {
  readonly scope: string;
  readonly rule: string;
  readonly hash: string;
  /** `open` or `always`. */
  readonly while: string;
}

/** A hash that lies somewhere in the store, and what the newest look-up key makes of it. */
export interface LookupHash {
  readonly hash: string;
  readonly newest: string;
}

/** Rows as the engine gave them. */
export interface SealedRows {
  readonly leads: readonly object[];
  readonly dataKeys: readonly object[];
  readonly storeKeys: readonly object[];
  readonly definitions: readonly object[];
}

/** Rows that have hashes. */
export interface HashedRows {
  readonly uniqueKeys: readonly object[];
  readonly index: readonly object[];
}

const hashShape = { hash: 'text' } as const;
const hashValueShape = { hashValue: 'textOrNull' } as const;
const indexShape = { index: [{ hash: 'textOrNull' }] } as const;
const leadShape = { id: 'text', productLine: 'text', schemaVersion: 'whole', sealed: 'text' } as const;
const dataKeyShape = { kind: 'text', id: 'text', wrapped: 'text', masterKeyId: 'text' } as const;
const storeKeyShape = { name: 'text', wrapped: 'text', masterKeyId: 'text' } as const;
const definitionShape = { productLine: 'text', part: 'text', version: 'whole', body: 'text' } as const;
const rulesShape = { unique: [{ name: 'text', scope: 'text', while: 'text', fields: 'texts' }] } as const;

type Rules = RowOf<typeof rulesShape>['unique'];
type Sealed = RowOf<typeof leadShape>;

/**
 * What each lead claims by the values in its envelope, opened with the keys that lie beside it: nothing is taken from the table of
 * unique keys; hashed with the newest look-up key. A lead whose key is gone or destroyed claims nothing. Knows rules over values that are kept as text.
 */
export async function claimsOf(rows: SealedRows): Promise<ReadonlyMap<string, readonly Claim[]>> {
  const vault = new Vault(await loadMasterKeys(matrixKeys));
  const ring = ringOf(rows, vault);
  if (ring === null) return new Map();
  const rules = rulesByVersion(rows.definitions);
  const keys = new Map(
    rows.dataKeys.map((row) => rowOf(dataKeyShape, row, 'a data key')).map((key) => [`${key.kind} ${key.id}`, key]),
  );
  const claims = (row: object): readonly [string, readonly Claim[]] => {
    const lead = rowOf(leadShape, row, 'a lead');
    const key = keys.get(`lead ${lead.id}`);
    if (key === undefined || key.wrapped === '') return [lead.id, []];
    const content: unknown = JSON.parse(vault.open(vault.openDataKey({ ...key, destroyedAt: null }), lead.sealed));
    const own = rules.get(`${lead.productLine} ${lead.schemaVersion}`) ?? [];
    return [lead.id, claimed(lead, own, valuesOf(content), ring)];
  };
  return new Map(rows.leads.map(claims));
}

/** Of each hash in unique keys, in leads and in their index what the newest look-up key makes of it. */
export async function lookupHashesOf(rows: SealedRows & HashedRows): Promise<readonly LookupHash[]> {
  const ring = ringOf(rows, new Vault(await loadMasterKeys(matrixKeys)));
  const held = rows.uniqueKeys.map((row) => rowOf(hashShape, row, 'a unique key').hash);
  const kept = rows.leads.flatMap((row) => rowOf(indexShape, row, 'a lead').index.map(({ hash }) => hash));
  const indexed = rows.index.map((row) => rowOf(hashValueShape, row, 'an index row').hashValue);
  const all = new Set([...held, ...kept, ...indexed].filter((hash) => hash !== null));
  return [...all].map((hash) => ({ hash, newest: ring?.newest(hash) ?? hash }));
}

function ringOf(rows: Pick<SealedRows, 'storeKeys'>, vault: Vault): LookupRing | null {
  const lookup = rows.storeKeys.map((row) => rowOf(storeKeyShape, row, 'a store key')).find(isLookupKey);
  if (lookup === undefined) return null;
  return LookupRing.of(vault.unwrap('store-key:lookup', lookup.wrapped, lookup.masterKeyId));
}

function isLookupKey({ name }: RowOf<typeof storeKeyShape>): boolean {
  return name === 'lookup';
}

function rulesByVersion(definitions: readonly object[]): ReadonlyMap<string, Rules> {
  return new Map(
    definitions
      .map((row) => rowOf(definitionShape, row, 'a definition'))
      .filter(({ part }) => part === 'fields')
      .map(({ productLine, version, body }) => [
        `${productLine} ${version}`,
        rowOf(rulesShape, JSON.parse(body), `${productLine} ${version}`).unique,
      ]),
  );
}

function claimed(
  { productLine }: Sealed,
  rules: Rules,
  values: ReadonlyMap<string, unknown>,
  ring: LookupRing,
): readonly Claim[] {
  return rules.flatMap(({ name, scope, while: holds, fields }) => {
    const texts = fields.map((field) => values.get(field));
    if (!texts.every((text) => typeof text === 'string')) return [];
    const text = texts.length === 1 ? texts.join('') : JSON.stringify(texts);
    const hash = ring.newest(ring.first.hash(`unique:${name}`, text));
    return [{ scope: scope === 'store' ? '*' : productLine, rule: name, hash, while: holds }];
  });
}

function valuesOf(content: unknown): ReadonlyMap<string, unknown> {
  if (typeof content !== 'object' || content === null || !('values' in content)) return new Map();
  return new Map(Object.entries(content.values ?? {}));
}
