/**
 * The few methods of the `mongodb` driver (6 or later) that LMS calls. A `MongoClient` fits; nothing of the driver's types
 * is needed to compile against LMS.
 */
export interface MongoClientHandle {
  connect(): Promise<unknown>;
  close(): Promise<void>;
  db(name?: string): MongoDatabaseHandle;
  startSession(options?: object): MongoSessionHandle;
}

export interface MongoSessionHandle {
  startTransaction(options?: object): void;
  commitTransaction(): Promise<unknown>;
  abortTransaction(): Promise<unknown>;
  endSession(): Promise<void>;
}

export interface MongoDatabaseHandle {
  readonly databaseName: string;
  collection(name: string, options?: object): MongoCollectionHandle;
  command(command: object, options?: object): Promise<{ readonly [field: string]: unknown }>;
  createCollection(name: string, options?: object): Promise<unknown>;
}

export interface MongoCollectionHandle {
  find<Row extends object>(filter: object, options?: object): { toArray(): Promise<Row[]> };
  findOne<Row extends object>(filter: object, options?: object): Promise<Row | null>;
  findOneAndUpdate(
    filter: object,
    update: object,
    options: object,
  ): Promise<{ readonly [field: string]: unknown } | null>;
  insertMany(documents: readonly object[], options?: object): Promise<unknown>;
  updateOne(filter: object, update: object, options?: object): Promise<MongoUpdateResult>;
  deleteOne(filter: object, options?: object): Promise<MongoDeleteResult>;
  deleteMany(filter: object, options?: object): Promise<MongoDeleteResult>;
  countDocuments(filter: object, options?: object): Promise<number>;
  createIndexes(indexes: MongoIndex[], options?: object): Promise<unknown>;
}

export interface MongoUpdateResult {
  readonly matchedCount: number;
  readonly upsertedCount: number;
}

export interface MongoDeleteResult {
  readonly deletedCount: number;
}

export interface MongoIndex {
  readonly key: Readonly<Record<string, 1 | -1>>;
  readonly name: string;
  readonly unique?: boolean;
}
