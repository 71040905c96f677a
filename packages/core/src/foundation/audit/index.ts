export type {
  AuditChainStore,
  ChainRow,
  DailyHead,
  SealedPlace,
  SignedHead,
  TrailExtension,
  TrailHead,
  UnsealedRow,
  UnsealedRows,
} from './audit-chain-store.js';
export { auditProjection } from './audit-projection.js';
export { auditRowOf, payloadHashOf } from './audit-row.js';
export { type AuditGate, type AuditListQuery, type AuditPage, type AuditPorts, AuditService } from './audit-service.js';
export type { AuditPayload, AuditQuery, AuditRow, AuditStore } from './audit-store.js';
export type { TrailFinding, TrailFindingKind } from './chain-checker.js';
export { type ChainLink, chainBeginning, chainHashOf } from './chain-hash.js';
export { type HeadKey, openHeadKey } from './head-key.js';
export {
  type ExportedTrail,
  type TrailExportFormat,
  type TrailExportOptions,
  type TrailExportPorts,
  type TrailExportRequest,
  trailExportFormats,
} from './trail-export.js';
export { sealWhatWaits, trailFinding, unsealedText } from './trail-health.js';
export { type SealRound, type TrailHealth, TrailSealer, type TrailSealerPorts } from './trail-sealer.js';
export type {
  PublishedHead,
  TrailVerifierPorts,
  TrailVerifyOptions,
  TrailVerifyProgress,
  TrailVerifyRequest,
  VerifiedTrail,
} from './trail-verifier.js';
