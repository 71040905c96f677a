import type { AccessService } from '../../foundation/access/index.js';
import { type Actor, type Clock, type Instant, instantNow } from '../../foundation/kernel/index.js';
import type { LookupHasher } from '../../foundation/privacy/index.js';
import { checkFilter, factsFilter, type LeadFilter, type LeadSettings, type LineReader } from '../leads/index.js';
import { type FunnelStage, funnelOf } from './funnel.js';
import type { ReportStore } from './report-store.js';

/** Filters of a report are those of a list of leads. */
export interface FunnelRequest extends Omit<LeadFilter, 'productLine' | 'stage' | 'deleted'> {
  readonly productLine: string;
}

export interface Funnel {
  readonly productLine: string;
  readonly pipelineVersion: number;
  readonly at: Instant;
  /** Leads that match. */
  readonly leads: number;
  readonly stages: readonly FunnelStage[];
}

export interface ReportPorts {
  readonly access: AccessService;
  readonly reports: ReportStore;
  readonly lines: LineReader;
  readonly hasher: LookupHasher;
  readonly settings: LeadSettings;
  readonly clock: Clock;
}

/** Counts over the read model, of the leads that the actor may see and no others. */
export class ReportService {
  readonly #ports: ReportPorts;

  constructor(ports: ReportPorts) {
    this.#ports = ports;
  }

  /**
   * How far leads of a product line came: for each stage those who ever entered it, and those there now with their amount.
   * @throws LmsError `PERMISSION_DENIED`, `LINE_NOT_FOUND`, `INPUT_INVALID`, `FIELD_UNKNOWN`
   */
  async funnel(actor: Actor, request: FunnelRequest): Promise<Funnel> {
    const { access, reports, lines, hasher, settings, clock } = this.#ports;
    const principal = await access.require(actor, 'reports.read');
    const asked = checkFilter(request);
    const { pipeline, schema } = await lines.current(request.productLine);
    const tools = {
      scope: await access.rowScope(principal),
      schema,
      hasher,
      context: settings.fieldContext(clock.now()),
    };
    const filter = { ...factsFilter(asked, tools), productLine: request.productLine };
    const facts = await reports.funnel(filter);
    return {
      productLine: request.productLine,
      pipelineVersion: pipeline.version,
      at: instantNow(clock),
      leads: facts.reduce((sum, stage) => sum + stage.current, 0),
      stages: funnelOf(pipeline, facts),
    };
  }
}
