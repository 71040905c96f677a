import type { PlacementStore } from '../../../crm/assignment/placement-store.js';
import type { ImportRunStore } from '../../../crm/imports/import-run-store.js';
import type { LeadFactsStore, MoveStore } from '../../../crm/leads/lead-facts-store.js';
import type { ReportStore } from '../../../crm/reports/report-store.js';
import type { UserStore } from '../../../foundation/access/user-store.js';
import type { AuditStore } from '../../../foundation/audit/audit-store.js';
import type { OutboundBudgetStore } from '../../../foundation/outbound/budget-store.js';
import type { ExchangeStore } from '../../../foundation/outbound/exchange-store.js';
import type { Commands, Outbox, StepOutcomes } from '../../../foundation/persistence/index.js';
import type { SqlContext } from '../sql-unit.js';
import { auditStore } from './audit.js';
import { commandStore } from './commands.js';
import { exchangeStore } from './exchanges.js';
import { importRunStore } from './import-runs.js';
import { leadFactsStore } from './lead-facts.js';
import { moveStore } from './moves.js';
import { outboundBudgetStore } from './outbound-budgets.js';
import { outboxStore } from './outbox.js';
import { placementStore } from './placements.js';
import { reportStore } from './reports.js';
import { stepOutcomeStore } from './step-outcomes.js';
import { userStore } from './users.js';

/** The stores of the ledger, and the outbox and command keys of whatever homes the database serves. */
export interface LedgerStores {
  readonly outbox: Outbox;
  readonly commands: Commands;
  readonly facts: LeadFactsStore;
  readonly moves: MoveStore;
  readonly audit: AuditStore;
  readonly users: UserStore;
  readonly placements: PlacementStore;
  readonly importRuns: ImportRunStore;
  readonly reports: ReportStore;
  readonly stepOutcomes: StepOutcomes;
  readonly exchanges: ExchangeStore;
  readonly outboundBudgets: OutboundBudgetStore;
}

export function ledgerStores(context: SqlContext): LedgerStores {
  return {
    outbox: outboxStore(context),
    commands: commandStore(context),
    facts: leadFactsStore(context),
    moves: moveStore(context),
    audit: auditStore(context),
    users: userStore(context),
    placements: placementStore(context),
    importRuns: importRunStore(context),
    reports: reportStore(context),
    stepOutcomes: stepOutcomeStore(context),
    exchanges: exchangeStore(context),
    outboundBudgets: outboundBudgetStore(context),
  };
}
