import type { Unit } from '../../foundation/persistence/index.js';
import type { ConsentGate, ConsentPurposes, LookupHasher } from '../../foundation/privacy/index.js';
import type { LineSchema } from '../fields/index.js';
import type { MoveGuard, MoveReason, Pipeline } from '../pipeline/index.js';
import { consentPersonOf } from './lead-consent-subjects.js';
import type { LeadState } from './lead-state.js';
import { moveReasons } from './move-lead.js';

/** Who knows what people consented to. */
interface LeadConsents {
  readonly purposes: ConsentPurposes;
  readonly gate: Pick<ConsentGate, 'check'>;
}

/** What moves are asked of. */
export interface MovePorts {
  readonly hasher: LookupHasher;
  /** Asked before each move, besides the pipeline. */
  readonly guards: readonly MoveGuard[];
  /** Asked where a stage requires consents. */
  readonly consentRules: LeadConsents;
}

/** A move into a stage, before it is decided. */
interface AskedStage {
  readonly lead: LeadState;
  readonly schema: LineSchema;
  readonly pipeline: Pipeline;
  /** Slug of the stage. */
  readonly to: string;
  /** The unit that moves the lead: where it serves both homes, consents are read in it, else as they are committed. */
  readonly unit: Unit | null;
}

/** Every reason against the move: of the pipeline, of missing consents, of guards. */
export async function reasonsAgainstMove(ports: MovePorts, asked: AskedStage): Promise<readonly MoveReason[]> {
  const consents = await missingConsents(ports, asked);
  return moveReasons(asked.lead, asked.to, { pipeline: asked.pipeline, guards: ports.guards, consents });
}

/** The consents that the stage requires and the person has not given. */
async function missingConsents(
  { consentRules: { purposes, gate }, hasher }: MovePorts,
  { lead, schema, pipeline, to, unit }: AskedStage,
): Promise<readonly MoveReason[]> {
  const required = pipeline.stages.find(({ slug }) => slug === to)?.requiresConsent ?? [];
  if (required.length === 0) return [];
  const person = consentPersonOf(lead, schema, hasher);
  const ledger = unit?.bothHomes === true ? unit : null;
  const reasons: MoveReason[] = [];
  for (const slug of required) {
    const partner = purposes.get(slug).perPartner === true ? lead.partner : null;
    const decision = await gate.check(person, { purpose: slug, partner }, ledger);
    if (!decision.allowed) reasons.push({ code: decision.code, message: decision.message, details: { purpose: slug } });
  }
  return reasons;
}
