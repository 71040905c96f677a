import type { MongoIndex } from './mongo-handle.js';

/** A collection: its indexes beside `_id`, and what the server checks of every document. */
export interface CollectionPlan extends CollectionRules {
  readonly name: string;
  readonly indexes: readonly MongoIndex[];
}

/** What the server checks of every document. */
export interface CollectionRules {
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, object>>;
}

/** What a field may hold, as rules say it. */
export const bson = {
  text: { bsonType: 'string' },
  textOrNull: { bsonType: ['string', 'null'] },
  whole: { bsonType: ['int', 'long', 'double'], minimum: 0, multipleOf: 1 },
  money: { bsonType: ['long', 'null'] },
  list: { bsonType: 'array' },
  document: { bsonType: 'object' },
} as const;

/** The rules as the server takes them. */
export function validatorOf({ required, properties }: CollectionRules): object {
  return { $jsonSchema: { bsonType: 'object', required: [...required], properties } };
}
