import { LookupHasher, loadMasterKeys, Vault } from '../../src/foundation/privacy/index.js';
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

/** Rows as the engine gave them. */
export interface SealedRows {
  readonly leads: readonly object[];
  readonly dataKeys: readonly object[];
  readonly storeKeys: readonly object[];
  readonly definitions: readonly object[];
}

const leadShape = { id: 'text', productLine: 'text', schemaVersion: 'whole', sealed: 'text' } as const;
const dataKeyShape = { kind: 'text', id: 'text', wrapped: 'text', masterKeyId: 'text' } as const;
const storeKeyShape = { name: 'text', wrapped: 'text', masterKeyId: 'text' } as const;
const definitionShape = { productLine: 'text', part: 'text', version: 'whole', body: 'text' } as const;
const rulesShape = { unique: [{ name: 'text', scope: 'text', while: 'text', fields: 'texts' }] } as const;

type Rules = RowOf<typeof rulesShape>['unique'];
type Sealed = RowOf<typeof leadShape>;

/**
 * What each lead claims by the values in its envelope, opened with the keys that lie beside it: nothing is taken from the table of
 * unique keys. A lead whose key is gone or destroyed claims nothing. Knows rules over values that are kept as text.
 */
export async function claimsOf(rows: SealedRows): Promise<ReadonlyMap<string, readonly Claim[]>> {
  const vault = new Vault(await loadMasterKeys(matrixKeys));
  const lookup = rows.storeKeys.map((row) => rowOf(storeKeyShape, row, 'a store key')).find(isLookupKey);
  if (lookup === undefined) return new Map();
  const hasher = new LookupHasher(vault.unwrap('store-key:lookup', lookup.wrapped, lookup.masterKeyId));
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
    return [lead.id, claimed(lead, own, valuesOf(content), hasher)];
  };
  return new Map(rows.leads.map(claims));
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
  hasher: LookupHasher,
): readonly Claim[] {
  return rules.flatMap(({ name, scope, while: holds, fields }) => {
    const texts = fields.map((field) => values.get(field));
    if (!texts.every((text) => typeof text === 'string')) return [];
    const text = texts.length === 1 ? texts.join('') : JSON.stringify(texts);
    const hash = hasher.hash(`unique:${name}`, text);
    return [{ scope: scope === 'store' ? '*' : productLine, rule: name, hash, while: holds }];
  });
}

function valuesOf(content: unknown): ReadonlyMap<string, unknown> {
  if (typeof content !== 'object' || content === null || !('values' in content)) return new Map();
  return new Map(Object.entries(content.values ?? {}));
}
