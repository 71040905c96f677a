export { type ManualActivityType, manualActivityTypes, type NewActivity } from './add-activity.js';
export type { LeadTarget } from './change-each.js';
export type { CommandOptions } from './command-options.js';
export type { TaskCompletion } from './complete-task.js';
export type { CreateGuard, CreateSubject } from './create-guard.js';
export type { CheckOutcome, CreateItem, CreateOutcome, DryRunClaims, DuplicateHolder } from './create-outcome.js';
export { noClaims } from './create-outcome.js';
export type { CreatedLead } from './creation-results.js';
export { eachLimited } from './each-limited.js';
export {
  type ErasureHold,
  type ErasureReason,
  type ErasureRequest,
  erasureReasons,
  type FinishErasuresOptions,
  type FinishedErasures,
  type HoldReason,
  type HoldSubject,
  LeadErasure,
  type LeadErasurePorts,
} from './erasure/index.js';
export {
  type CurrentPlacements,
  FactsRebuilder,
  type FactsRebuilderPorts,
  type LostPlacements,
  type RebuildOptions,
  type RebuildReport,
} from './facts-rebuilder.js';
export { askedUnderRing, factsUnderRing } from './facts-under-ring.js';
export { HeldKeys } from './held-keys.js';
export { holderText } from './holder-veil.js';
export type * from './lead.js';
export { activityTypes } from './lead.js';
export type { Board, BoardCard, BoardColumn, BoardRequest } from './lead-board.js';
export { consentPersonOf, LeadConsentSubjects } from './lead-consent-subjects.js';
export { type DrafterKit, LeadDrafter } from './lead-drafter.js';
export { LeadEventReaders } from './lead-event-readers.js';
export type { LeadEventType } from './lead-events.js';
export type * from './lead-facts-store.js';
export { type FinderPorts, type FindOptions, type FoundLead, type FoundLeads, LeadFinder } from './lead-finder.js';
export { LeadIntake } from './lead-intake.js';
export { type PagedList, pagedList } from './lead-list.js';
export { LeadLookup } from './lead-lookup.js';
export { isLeadNumber, leadNumber, parseLeadNumber } from './lead-number.js';
export { LeadOccupants } from './lead-occupants.js';
export { currentLeads, leadFactsProjection, type MoveData, movesProjection } from './lead-projections.js';
export {
  checkFilter,
  type FieldFilter,
  factsFilter,
  type IndexOperator,
  type LeadFilter,
  type LeadQuery,
  type LeadSortField,
  type QueryTools,
} from './lead-query.js';
export { checkLimit, type LeadSummary, type Page, type PageRequest, type ViewedLead } from './lead-reader.js';
export { LeadService, type LeadServicePorts } from './lead-service.js';
export { LeadSettings } from './lead-settings.js';
export type * from './lead-store.js';
export { type LeadCount, LeadWalker, type WalkRequest } from './lead-walker.js';
export { DefinitionMoved, type LineDefinition, LineReader } from './line-reader.js';
export { leadRows, uniqueKeyRows } from './lookup-rows/index.js';
export { madeUntil } from './made-until.js';
export type { ItemOutcome } from './many-outcome.js';
export type { MoveRequest } from './move-lead.js';
export type { NewLead, Properties } from './new-lead.js';
export { checkNewLead } from './new-lead.js';
export { type PackedDrafts, packClaims, packDrafts, unpackClaims, unpackDrafts } from './packed-drafts.js';
export type {
  KeyedItem,
  LeadAuthor,
  LeadClaim,
  LeadDraft,
  LeadPlace,
  PreparedLead,
  RefusedLead,
} from './prepare-lead.js';
export type { ReadingPorts } from './reading-parts.js';
export { totalsFinding } from './totals-finding.js';
export type { LeadPatch } from './update-lead.js';
