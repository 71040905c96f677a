import {
  type ActivityPage,
  type LeadContent,
  type LeadStore,
  leadFormats,
  type PlacementProjection,
  type StoredActivity,
  type StoredLead,
} from '../../crm/leads/lead-store.js';
import type { LeadId } from '../../foundation/kernel/index.js';
import { type Formats, inThisFormat, type OlderRecord, type Unit } from '../../foundation/persistence/index.js';
import { toBsonDocument } from './bson-document.js';
import { documentFormat } from './mongo-collections.js';
import { type MongoAccess, requireAtMost } from './mongo-database.js';

/** A lead as its document reads: the id is `_id`; amounts come back as numbers. */
type LeadDocument = Omit<StoredLead, 'id'> & { readonly _id: LeadId };

/** A lead as it is found: of this release's format or the one before. */
type FoundDocument = LeadDocument | (OlderRecord & Placed & { readonly _id: LeadId });
type Placed = Pick<StoredLead, 'ownerId' | 'partner' | 'placementVersion'>;

interface ActivityDocument {
  readonly activity: StoredActivity;
}

const mostIds = 1000;

export class MongoLeadStore implements LeadStore {
  readonly #access: MongoAccess;
  readonly #formats: Formats<LeadContent>;

  /** @param formats for tests; the release's own when absent */
  constructor(access: MongoAccess, formats: Formats<LeadContent> = leadFormats) {
    this.#access = access;
    this.#formats = formats;
  }

  async insert(unit: Unit, leads: readonly StoredLead[]): Promise<void> {
    if (leads.length === 0) return;
    const documents = leads.map(leadDocument);
    await this.#access.on(unit, 'leads', (collection, options) => collection.insertMany(documents, options));
  }

  async replace(unit: Unit, lead: StoredLead, expectedVersion: number): Promise<boolean> {
    const { _id, ownerId: _owner, partner: _partner, placementVersion: _version, ...state } = leadDocument(lead);
    const result = await this.#access.on(unit, 'leads', (collection, options) =>
      collection.updateOne({ _id, version: expectedVersion }, { $set: state }, options),
    );
    return result.matchedCount === 1;
  }

  async get(unit: Unit | null, ids: readonly LeadId[]): Promise<readonly StoredLead[]> {
    if (ids.length === 0) return [];
    requireAtMost(mostIds, ids.length, 'lead ids');
    const documents = await this.#access.on(unit, 'leads', (collection, options) =>
      collection.find<FoundDocument>({ _id: { $in: [...ids] } }, options).toArray(),
    );
    return documents.map((document) => this.#leadOf(document));
  }

  /** A transaction reads one snapshot, and a lead that another replaces meanwhile is a write conflict. */
  async getForChange(unit: Unit, id: LeadId): Promise<StoredLead | null> {
    const [lead] = await this.get(unit, [id]);
    return lead ?? null;
  }

  async idsByNumber(unit: Unit | null, numbers: readonly string[]): Promise<ReadonlyMap<string, LeadId>> {
    if (numbers.length === 0) return new Map();
    requireAtMost(mostIds, numbers.length, 'lead numbers');
    const found = await this.#access.on(unit, 'leads', (collection, options) =>
      collection
        .find<Pick<LeadDocument, '_id' | 'number'>>(
          { number: { $in: [...numbers] } },
          { ...options, projection: { number: 1 } },
        )
        .toArray(),
    );
    return new Map(found.map((document) => [document.number, document._id]));
  }

  async projectPlacement(unit: Unit, placement: PlacementProjection): Promise<void> {
    const { leadId, ownerId, partner, placementVersion } = placement;
    await this.#access.on(unit, 'leads', (collection, options) =>
      collection.updateOne(
        { _id: leadId, placementVersion: { $lt: placementVersion } },
        { $set: { ownerId, partner, placementVersion } },
        options,
      ),
    );
  }

  async correctPlacement(unit: Unit, placement: PlacementProjection, seenVersion: number): Promise<boolean> {
    const { leadId, ownerId, partner, placementVersion } = placement;
    const result = await this.#access.on(unit, 'leads', (collection, options) =>
      collection.updateOne(
        { _id: leadId, placementVersion: seenVersion },
        { $set: { ownerId, partner, placementVersion } },
        options,
      ),
    );
    return result.matchedCount === 1;
  }

  async appendActivities(unit: Unit, leadId: LeadId, activities: readonly StoredActivity[]): Promise<void> {
    const known = await this.#knownActivities(unit, leadId, activities);
    const documents = activities
      .filter((activity) => !known.has(activity.id))
      .map((activity) => ({
        _id: { leadId, id: activity.id },
        format: documentFormat,
        activity: toBsonDocument(activity),
      }));
    if (documents.length === 0) return;
    await this.#access.on(unit, 'leadActivities', (collection, options) => collection.insertMany(documents, options));
  }

  async olderActivities(leadId: LeadId, before: string | null, limit: number): Promise<ActivityPage> {
    const range = { $gte: { leadId, id: '' }, $lt: { leadId, id: before ?? '\uffff' } };
    const documents = await this.#access.on(null, 'leadActivities', (collection, options) =>
      collection.find<ActivityDocument>({ _id: range }, { ...options, sort: { _id: -1 }, limit: limit + 1 }).toArray(),
    );
    return {
      activities: documents.slice(0, limit).map((document) => document.activity),
      hasMore: documents.length > limit,
    };
  }

  async scan(after: LeadId | null, limit: number): Promise<readonly StoredLead[]> {
    const documents = await this.#access.on(null, 'leads', (collection, options) =>
      collection.find<FoundDocument>({ _id: { $gt: after ?? '' } }, { ...options, sort: { _id: 1 }, limit }).toArray(),
    );
    return documents.map((document) => this.#leadOf(document));
  }

  #leadOf({ _id, ownerId, partner, placementVersion, ...content }: FoundDocument): StoredLead {
    const read = inThisFormat<LeadContent>(this.#formats, { id: _id, ...content });
    return { ...read, ownerId, partner, placementVersion };
  }

  async #knownActivities(
    unit: Unit,
    leadId: LeadId,
    activities: readonly StoredActivity[],
  ): Promise<ReadonlySet<string>> {
    const ids = activities.map((activity) => ({ leadId, id: activity.id }));
    const found = await this.#access.on(unit, 'leadActivities', (collection, options) =>
      collection
        .find<{ readonly _id: { readonly id: string } }>({ _id: { $in: ids } }, { ...options, projection: { _id: 1 } })
        .toArray(),
    );
    return new Set(found.map((document) => document._id.id));
  }
}

function leadDocument({ id, ...state }: StoredLead): Record<string, unknown> {
  return { _id: id, ...toBsonDocument(state) };
}
