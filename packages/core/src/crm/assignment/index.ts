export type {
  AssignItem,
  Assignment,
  AssignOptions,
  AssignOutcome,
  AssignRequest,
  UnassignRequest,
} from './assignment.js';
export { type AssignmentPorts, AssignmentService, type LeadResolver } from './assignment-service.js';
export { currentPlacements } from './current-placements.js';
export { type LostPlacementsPorts, lostPlacements } from './lost-placements.js';
export { type NewLeadPlacementPorts, newLeadPlacementStep } from './new-lead-placement.js';
export { placementFactsProjection, placementLeadsProjection } from './placement-projections.js';
export type { Placement, PlacementStore } from './placement-store.js';
