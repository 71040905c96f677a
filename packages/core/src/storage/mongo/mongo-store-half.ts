import type { StoreHalf } from '../store-half.js';
import { dataCollections } from './mongo-collections.js';
import type { MongoDatabase } from './mongo-database.js';
import { layoutId } from './mongo-layout.js';

/** The documents' half: its id stands beside the layout version, which is recorded by then. */
export function mongoStoreHalf(database: MongoDatabase): StoreHalf {
  const meta = database.collection('meta');
  return {
    server: database.server,
    async id() {
      const document = await meta.findOne<{ readonly storeId?: string }>({ _id: layoutId });
      return document?.storeId ?? null;
    },
    async holdsData() {
      const found = await Promise.all(
        dataCollections.map((name) => database.collection(name).findOne({}, { projection: { _id: 1 } })),
      );
      return found.some((document) => document !== null);
    },
    async takeId(id) {
      await meta.updateOne({ _id: layoutId, storeId: { $exists: false } }, { $set: { storeId: id } });
    },
  };
}
