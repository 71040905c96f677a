import type { User, UserStore } from '../../../foundation/access/index.js';
import { type BusinessTime, type ErrorCode, LmsError, systemActor } from '../../../foundation/kernel/index.js';
import type { Lead, LeadService } from '../../leads/index.js';
import type { PipelineReader } from '../../pipeline/index.js';
import type { NoticeDetails } from './notification-store.js';
import type { TemplateValues } from './template-text.js';

export interface ToldLeadPorts {
  readonly leads: Pick<LeadService, 'get'>;
  readonly pipelines: Pick<PipelineReader, 'pipeline'>;
  readonly users: Pick<UserStore, 'get'>;
  readonly time: BusinessTime;
}

/** In whose name leads are read for whoever is no user: it may see all of them, as they are. */
const writer = systemActor('notify');
/** What users are told who may not read a lead. */
const hidden: ReadonlySet<ErrorCode> = new Set(['LEAD_NOT_FOUND', 'PERMISSION_DENIED', 'ACTOR_UNKNOWN']);

/**
 * Reads what is told of a lead as it is now. For a user the lead is read as that user sees it: who may not is not told, and who sees it
 * masked is told so.
 */
export class ToldLead {
  readonly #ports: ToldLeadPorts;

  constructor(ports: ToldLeadPorts) {
    this.#ports = ports;
  }

  /** The lead as a user sees it, or as it is for null; why not where nothing of it can be told. @throws LmsError `STORE_*` */
  async lead(id: string, user: Pick<User, 'id'> | null): Promise<Lead | ErrorCode> {
    try {
      const lead = await this.#ports.leads.get(user === null ? writer : { kind: 'user', id: user.id }, id);
      return lead.erasedAt === null ? lead : 'NOTICE_RECIPIENT_GONE';
    } catch (error) {
      if (!LmsError.isInstance(error) || !hidden.has(error.code)) throw error;
      return user === null ? 'NOTICE_RECIPIENT_GONE' : error.code;
    }
  }

  /** What the words of templates stand for. @throws LmsError `STORE_*` */
  async values(lead: Lead, details: NoticeDetails, recipientName: string | null): Promise<TemplateValues> {
    const owner = lead.ownerId === null ? null : await this.#ports.users.get(null, lead.ownerId);
    const stageName = await this.#stageNames(lead);
    return new Map<string, string | null>([
      ['lead.id', lead.id],
      ['lead.number', lead.number],
      ['lead.line', lead.productLine],
      ['lead.stage', stageName(lead.stage)],
      ['person.name', lead.name],
      ['owner.name', owner?.name ?? null],
      ['recipient.name', recipientName],
      ['event.date', this.#ports.time.localDate(Date.parse(details.at))],
      ['stage.from', stageName(details.from)],
      ['stage.to', stageName(details.to)],
    ]);
  }

  /** As people call stages; one that the pipeline has no longer goes by its slug. */
  async #stageNames({ productLine }: Lead): Promise<(slug: string | undefined) => string | null> {
    const { stages } = await this.#ports.pipelines.pipeline(productLine);
    return (slug) => (slug === undefined ? null : (stages.find((stage) => stage.slug === slug)?.name ?? slug));
  }
}
