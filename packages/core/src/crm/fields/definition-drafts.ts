import { z } from 'zod';
import type { Permission } from '../../foundation/access/index.js';
import {
  type Actor,
  actorRef,
  type Clock,
  type Instant,
  instantNow,
  type Json,
  LmsError,
} from '../../foundation/kernel/index.js';
import type { EventDraft, EventRecorder, Unit, UnitOfWork } from '../../foundation/persistence/index.js';
import { readShape } from './definition-shape.js';
import type { DefinitionStore, StoredDraft } from './definition-store.js';
import { slugShape } from './product-line-definition.js';

export interface DraftPorts {
  readonly store: DefinitionStore;
  readonly unitOfWork: UnitOfWork;
  readonly events: Pick<EventRecorder, 'record'>;
  readonly access: { require(actor: Actor, permission: Permission): Promise<unknown> };
  readonly clock: Clock;
}

export interface DraftOptions {
  readonly actor: Actor;
  /** The revision of the line that the draft was begun on; that of the draft it replaces, or of the line, when absent. */
  readonly expectedRevision?: number;
  /** When the draft that this one replaces was saved, null for none; another one is then not written over. */
  readonly replaces?: Instant | null;
}

const draftShape: z.ZodType<{ readonly slug: string }> = z.looseObject({ slug: slugShape });

const maxCharacters = 4_000_000;

/** Unpublished definitions, one a line. */
export class DefinitionDrafts {
  readonly #ports: DraftPorts;

  constructor(ports: DraftPorts) {
    this.#ports = ports;
  }

  get(slug: string): Promise<StoredDraft | null> {
    return this.#ports.store.draft(null, slug);
  }

  /** @throws LmsError `LINE_NOT_FOUND` when the line has no draft */
  async require(slug: string): Promise<StoredDraft> {
    const draft = await this.get(slug);
    if (draft !== null) return draft;
    throw new LmsError('LINE_NOT_FOUND', { message: `there is no draft of a product line "${slug.slice(0, 64)}"` });
  }

  async save(definition: unknown, options: DraftOptions): Promise<StoredDraft> {
    const { access, unitOfWork, store, clock } = this.#ports;
    await access.require(options.actor, 'schema.publish');
    const json = draftJson(definition);
    return unitOfWork.run('documents', async (unit) => {
      const begun = await store.draft(unit, json.slug);
      refuseOtherDraft(json.slug, begun, options.replaces);
      const head = await store.head(unit, json.slug);
      const draft: StoredDraft = {
        productLine: json.slug,
        baseRevision: options.expectedRevision ?? begun?.baseRevision ?? head?.revision ?? 0,
        definition: json.body,
        savedAt: instantNow(clock),
        savedBy: actorRef(options.actor),
      };
      await store.saveDraft(unit, draft);
      await this.#record(unit, draft, {
        type: 'schema.draft_saved',
        command: 'schema.saveDraft',
        actor: options.actor,
      });
      return draft;
    });
  }

  async discard(slug: string, { actor, replaces }: Omit<DraftOptions, 'expectedRevision'>): Promise<void> {
    const { access, unitOfWork, store } = this.#ports;
    await access.require(actor, 'schema.publish');
    await unitOfWork.run('documents', async (unit) => {
      const draft = await store.draft(unit, slug);
      refuseOtherDraft(slug, draft, replaces);
      if (draft === null) return;
      await store.removeDraft(unit, slug);
      await this.#record(unit, draft, { type: 'schema.draft_discarded', command: 'schema.discardDraft', actor });
    });
  }

  async #record(unit: Unit, draft: StoredDraft, event: Pick<EventDraft, 'type' | 'command' | 'actor'>): Promise<void> {
    await this.#ports.events.record(unit, [
      {
        ...event,
        typeVersion: 1,
        aggregate: { kind: 'product-line', id: draft.productLine, version: draft.baseRevision },
        data: { productLine: draft.productLine, baseRevision: draft.baseRevision },
        sealed: null,
      },
    ]);
  }
}

function refuseOtherDraft(slug: string, draft: StoredDraft | null, replaces: Instant | null | undefined): void {
  const savedAt = draft?.savedAt ?? null;
  if (replaces === undefined || replaces === savedAt) return;
  const what = draft === null ? 'its draft is gone' : `${draft.savedBy} saved another draft at ${draft.savedAt}`;
  throw new LmsError('DEFINITION_CONFLICT', {
    message: `the draft of ${slug} is not the one that was read: ${what}; read it again and repeat the change`,
    details: { savedAt },
  });
}

/** A copy of the draft as JSON. @throws LmsError `DEFINITION_INVALID` */
function draftJson(definition: unknown): { readonly slug: string; readonly body: Json } {
  const read = readShape(draftShape, definition);
  if (!read.ok) throw LmsError.ofProblems('DEFINITION_INVALID', 'the draft cannot be saved', read.problems);
  const text = JSON.stringify(read.value);
  if (text.length > maxCharacters) {
    throw new LmsError('LIMIT_EXCEEDED', { message: `the draft has more than ${maxCharacters} characters` });
  }
  return { slug: read.value.slug, body: JSON.parse(text) };
}
