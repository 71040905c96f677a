import type { MongoClient } from 'mongodb';
import { expect, it } from 'vitest';
import type { MongoClientHandle } from './mongo-handle.js';

it("takes the driver's own client without a cast (this file must compile)", () => {
  const asHandle = (client: MongoClient): MongoClientHandle => client;
  expect(asHandle).toBeTypeOf('function');
});
