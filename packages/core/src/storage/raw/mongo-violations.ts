import type { CollectionPlan } from '../mongo/collection-plan.js';
import { collectionPlans } from '../mongo/mongo-collections.js';
import { isMongoError } from '../mongo/mongo-errors.js';
import type { MongoDatabaseHandle } from '../mongo/mongo-handle.js';
import type { ConstraintKind, Violation } from '../raw-store.js';

type Document = Readonly<Record<string, unknown>> & { readonly _id: unknown };

/** What a validator says of one field, as the plans write it. */
interface Rule {
  readonly bsonType?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly properties?: Readonly<Record<string, Rule>>;
}

interface Fault {
  readonly kind: ConstraintKind;
  readonly name: string;
  readonly before: readonly Document[];
  readonly faulty: Document;
  readonly after: readonly Document[];
}

/** What the validators and unique indexes forbid, each as a document that the server must refuse. */
export function mongoViolations(database: MongoDatabaseHandle): readonly Violation[] {
  return Object.values(collectionPlans).flatMap((plan) =>
    [...fieldFaults(plan), ...duplicateFaults(plan)].map(({ kind, name, before, faulty, after }) => ({
      kind,
      name,
      async isRefused() {
        const documents = [...before, faulty, ...after];
        const collection = database.collection(plan.name, { writeConcern: { w: 'majority' } });
        const refused = new Set<Document>();
        try {
          for (const document of documents) {
            await collection.insertMany([document]).catch((error: unknown) => {
              if (!isRefusal(error)) throw error;
              refused.add(document);
            });
          }
        } finally {
          await collection.deleteMany({ _id: { $in: documents.map(({ _id }) => _id) } });
        }
        const hasFault = refused.has(faulty);
        if (refused.size > (hasFault ? 1 : 0))
          throw new Error(`${name}: the document without the fault is refused too`);
        return hasFault;
      },
    })),
  );
}

function fieldFaults(plan: CollectionPlan): readonly Fault[] {
  const after = [soundDocument(plan, 'b')];
  const sound = soundDocument(plan, 'a');
  const fault = (kind: ConstraintKind, field: string, value: unknown): Fault => ({
    kind,
    name: `${plan.name}.${field} = ${String(value)}`,
    before: [],
    faulty: { ...sound, [field]: value },
    after,
  });
  return Object.entries(rulesOf(plan)).flatMap(([field, rule]) => {
    if (field === '_id') return [];
    const types = [rule.bsonType ?? []].flat();
    const nullable = types.includes('null') || (types.length === 0 && rule.enum === undefined);
    return [
      ...(plan.required.includes(field) && !nullable ? [fault('null', field, null)] : []),
      ...(rule.enum ? [fault('value', field, 'neither')] : []),
      ...(rule.minimum === undefined ? [] : [fault('range', field, types.includes('int') ? -1 : -1n)]),
    ];
  });
}

function duplicateFaults(plan: CollectionPlan): readonly Fault[] {
  const sound = soundDocument(plan, 'a');
  const second = soundDocument(plan, 'b');
  const keys = ['_id', ...plan.indexes.filter(({ unique }) => unique).flatMap(({ key }) => Object.keys(key))];
  return keys.map((key) => ({
    kind: 'duplicate',
    name: `${plan.name} (${key}) twice`,
    before: [sound],
    faulty: { ...second, [key]: sound[key] },
    after: key === '_id' ? [second] : [soundDocument(plan, 'c')],
  }));
}

/** A document that breaks nothing; two letters give documents without a key in common. */
function soundDocument(plan: CollectionPlan, letter: string): Document {
  const rules = rulesOf(plan);
  const fields = Object.entries(rules)
    .filter(([field]) => plan.required.includes(field))
    .map(([field, rule]) => [field, valueFor(rule, letter)]);
  return { _id: valueFor(rules['_id'] ?? { bsonType: 'string' }, letter), ...Object.fromEntries(fields) };
}

function valueFor(rule: Rule, letter: string): unknown {
  if (rule.enum) return rule.enum[0];
  const [type] = [rule.bsonType ?? 'string'].flat();
  if (type === 'object') {
    const parts = Object.entries(rule.properties ?? {}).map(([name, part]) => [name, valueFor(part, letter)]);
    return Object.fromEntries(parts);
  }
  if (type === 'int') return 1_000_000 + letter.charCodeAt(0);
  if (type === 'long') return BigInt(letter.charCodeAt(0));
  return type === 'array' ? [] : `raw-${letter}`;
}

function rulesOf(plan: CollectionPlan): Readonly<Record<string, Rule>> {
  return plan.properties;
}

/** What a validator or a unique index refused. */
function isRefusal(error: unknown): boolean {
  const refusals: readonly unknown[] = [121, 11000];
  return isMongoError(error) && refusals.includes(error.code);
}
