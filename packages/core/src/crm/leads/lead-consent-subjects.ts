import { type Actor, isId, type LeadId, LmsError } from '../../foundation/kernel/index.js';
import {
  type ConsentPermission,
  type ConsentPerson,
  type ConsentSubject,
  type ConsentSubjects,
  consentPerson,
  DataKeyRing,
  type FoundSubject,
  type LookupHasher,
} from '../../foundation/privacy/index.js';
import { type FieldValues, type LineSchema, projectRoles } from '../fields/index.js';
import { LeadCodec } from './lead-codec.js';
import { LeadLookup } from './lead-lookup.js';
import { LineReader } from './line-reader.js';
import type { ReadingPorts } from './reading-parts.js';

const kind = 'lead';

/** The person behind a lead, known by the fields that play the roles `phone` and `email`. */
export function consentPersonOf(
  lead: { readonly id: string; readonly values: FieldValues },
  schema: LineSchema,
  hasher: LookupHasher,
): ConsentPerson {
  return consentPerson({ kind, id: lead.id }, projectRoles(schema, lead.values), hasher);
}

/** Finds the people of consents among the leads that an actor may see. */
export class LeadConsentSubjects implements ConsentSubjects {
  readonly #ports: ReadingPorts;
  readonly #lookup: LeadLookup;
  readonly #lines: LineReader;
  readonly #codec: LeadCodec;
  readonly #dataKeys: DataKeyRing;

  constructor(ports: ReadingPorts) {
    this.#ports = ports;
    this.#lookup = new LeadLookup(ports);
    this.#lines = new LineReader(ports.schemas, ports.pipelines);
    this.#codec = new LeadCodec(ports.vault, ports.hasher);
    this.#dataKeys = new DataKeyRing(ports.vault, ports.dataKeyStore);
  }

  async find(actor: Actor, permission: ConsentPermission, reference: string): Promise<FoundSubject> {
    const principal = await this.#ports.access.require(actor, permission);
    const id = await this.#lookup.visibleId(principal, permission, reference);
    const [[stored], keys] = await Promise.all([
      this.#ports.leads.get(null, [id]),
      this.#dataKeys.keysFor(null, kind, [id]),
    ]);
    const key = keys.get(id) ?? null;
    const { masked } = principal;
    if (stored === undefined) {
      throw new LmsError('LEAD_NOT_FOUND', { message: `there is no lead ${reference} that you may see` });
    }
    if (key === null) return { person: { subject: { kind, id }, phoneHash: null, emailHash: null }, key, masked };
    const schema = await this.#lines.schema(stored.productLine, stored.schemaVersion);
    return { person: consentPersonOf(this.#codec.open(stored, schema, key), schema, this.#ports.hasher), key, masked };
  }

  async seen(actor: Actor, subjects: readonly ConsentSubject[]): Promise<ReadonlySet<string>> {
    const principal = await this.#ports.access.require(actor, 'consent.read');
    const ids = subjects.flatMap((subject) =>
      subject.kind === kind && isId(subject.id) ? [subject.id as LeadId] : [],
    );
    return this.#lookup.visible(principal, 'consent.read', ids);
  }
}
