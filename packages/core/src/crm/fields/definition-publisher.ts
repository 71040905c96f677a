import {
  type Actor,
  actorRef,
  type Clock,
  type Instant,
  instantNow,
  type Json,
  LmsError,
} from '../../foundation/kernel/index.js';
import type { EventRecorder, Unit, UnitOfWork } from '../../foundation/persistence/index.js';
import type { DefinitionPartName, DefinitionStore, LineHead } from './definition-store.js';
import type { VersionCache } from './version-cache.js';

/** A new state of some parts of a line. Parts that are left out stay as they are. */
export interface NewVersions {
  readonly slug: string;
  readonly name: string;
  /** Sections to store, by part; each becomes the next version of its part. */
  readonly sections: ReadonlyMap<DefinitionPartName, Json>;
  /** The line as it was when the sections were made; null for a new line. */
  readonly basedOn: LineHead | null;
  readonly actor: Actor;
  /** Such as `schema.publish`. */
  readonly command: string;
  /** What changed, for the event. */
  readonly changes: Json;
  readonly removeDraft: boolean;
}

export interface PublisherPorts {
  readonly store: DefinitionStore;
  readonly unitOfWork: UnitOfWork;
  readonly events: Pick<EventRecorder, 'record'>;
  readonly clock: Clock;
}

/** Writes new versions of a line, its head and the event, all or none. */
export class DefinitionPublisher {
  readonly #ports: PublisherPorts;
  readonly #cache: VersionCache;

  constructor(ports: PublisherPorts, cache: VersionCache) {
    this.#ports = ports;
    this.#cache = cache;
  }

  /**
   * Of two callers with the same `basedOn` one publishes.
   * @returns the new head, or null when the line is no longer as `basedOn` says; then nothing is written
   */
  async publish(versions: NewVersions): Promise<LineHead | null> {
    const next = nextHead(versions, instantNow(this.#ports.clock));
    try {
      return await this.#ports.unitOfWork.run('documents', (unit) => this.#write(unit, versions, next));
    } catch (error) {
      for (const part of versions.sections.keys()) {
        this.#cache.forget({ productLine: next.slug, part, version: versionOf(next, part) });
      }
      throw error;
    }
  }

  async #write(unit: Unit, versions: NewVersions, next: LineHead): Promise<LineHead | null> {
    const { store, events } = this.#ports;
    const { basedOn } = versions;
    const taken =
      basedOn === null ? await store.insertHead(unit, next) : await store.replaceHead(unit, next, basedOn.revision);
    if (!taken) return null;
    for (const [part, body] of versions.sections) {
      await store.insertVersion(unit, {
        productLine: next.slug,
        part,
        version: versionOf(next, part),
        body,
        publishedAt: next.updatedAt,
        publishedBy: actorRef(versions.actor),
      });
    }
    if (versions.removeDraft) await store.removeDraft(unit, next.slug);
    await events.record(unit, [
      {
        type: 'schema.published',
        typeVersion: 1,
        aggregate: { kind: 'product-line', id: next.slug, version: next.revision },
        actor: versions.actor,
        command: versions.command,
        data: {
          productLine: next.slug,
          name: next.name,
          schemaVersion: next.schemaVersion,
          pipelineVersion: next.pipelineVersion,
          parts: [...versions.sections.keys()],
          changes: versions.changes,
        },
        sealed: null,
      },
    ]);
    return next;
  }
}

/** The current version of a part. */
export function versionOf(head: LineHead, part: DefinitionPartName): number {
  return part === 'fields' ? head.schemaVersion : head.pipelineVersion;
}

/** @throws LmsError `DEFINITION_CONFLICT` */
export function definitionConflict(slug: string, expectedRevision: number, revision: number): LmsError {
  return new LmsError('DEFINITION_CONFLICT', {
    message: `${slug} is at revision ${revision}, not ${expectedRevision}: somebody published it in the meantime; read it again and repeat the change`,
    details: { expectedRevision, currentRevision: revision },
  });
}

function nextHead({ slug, name, sections, basedOn }: NewVersions, at: Instant): LineHead {
  const raise = (part: DefinitionPartName): number => {
    const current = basedOn === null ? 0 : versionOf(basedOn, part);
    return sections.has(part) ? current + 1 : current;
  };
  return {
    slug,
    name,
    revision: (basedOn?.revision ?? 0) + 1,
    schemaVersion: raise('fields'),
    pipelineVersion: raise('pipeline'),
    createdAt: basedOn?.createdAt ?? at,
    updatedAt: at,
  };
}
