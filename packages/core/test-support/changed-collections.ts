import type { Db } from 'mongodb';

/** What somebody may do to a store's collections, how it is taken back, and what the next start says of it. */
export interface ChangedCollection {
  readonly what: string;
  readonly change: (lms: Db) => Promise<unknown>;
  readonly back: (lms: Db) => Promise<unknown>;
  readonly refusal: RegExp;
}

export const changedCollections: readonly ChangedCollection[] = [
  {
    what: 'a collection of another collation',
    change: async (lms: Db) => {
      await lms.collection('commands').rename('kept');
      await lms.createCollection('commands', { collation: { locale: 'en', strength: 2 } });
    },
    back: async (lms: Db) => {
      await lms.collection('commands').drop();
      await lms.collection('kept').rename('commands');
    },
    refusal: /collection commands compares text by the collation "en"; expected none/,
  },
  {
    what: 'a unique index that was dropped',
    change: (lms: Db) => lms.collection('leads').dropIndex('number'),
    back: (lms: Db) => lms.collection('leads').createIndex({ number: 1 }, { name: 'number', unique: true }),
    refusal: /collection leads has no unique index on number/,
  },
  ...[{ sparse: true }, { partialFilterExpression: { status: 'won' } }, { collation: { locale: 'en' } }].map(
    (option) => ({
      what: `a unique index that is not of all documents byte by byte: ${JSON.stringify(option)}`,
      change: async (lms: Db) => {
        await lms.collection('leads').dropIndex('number');
        await lms.collection('leads').createIndex({ number: 1 }, { name: 'number', unique: true, ...option });
      },
      back: async (lms: Db) => {
        await lms.collection('leads').dropIndex('number');
        await lms.collection('leads').createIndex({ number: 1 }, { name: 'number', unique: true });
      },
      refusal: /collection leads has no unique index on number/,
    }),
  ),
];
