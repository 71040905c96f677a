import { type ActorBound, bindActor } from './bind-actor.js';
import type { AssignmentService } from './crm/assignment/index.js';
import type { ExportService } from './crm/exports/index.js';
import {
  type CheckOutcome,
  type CommandOptions,
  type CreateItem,
  type CreateOutcome,
  type Lead,
  type LeadActivity,
  type LeadErasure,
  type LeadFinder,
  type LeadPatch,
  type LeadQuery,
  type LeadService,
  type LeadSummary,
  type LeadWalker,
  type MoveRequest,
  type NewActivity,
  type NewLead,
  type PagedList,
  pagedList,
  type TaskCompletion,
} from './crm/leads/index.js';
import type { Actor } from './foundation/kernel/index.js';

/** What a product line takes and gives; `lms schema types` writes it. */
export interface LineTypes {
  /** Field values as `create` takes them. */
  readonly input: object;
  /** Field values as a lead gives them. */
  readonly values: object;
}

/** The product lines of a store whose types were not generated. */
export interface AnyLines {
  readonly [productLine: string]: {
    readonly input: Readonly<Record<string, unknown>>;
    readonly values: Lead['values'];
  };
}

type SlugOf<Lines> = keyof Lines & string;
type InputOf<Lines, Slug extends keyof Lines> = Lines[Slug] extends LineTypes ? Lines[Slug]['input'] : never;
type ValuesOf<Lines, Slug extends keyof Lines> = Lines[Slug] extends LineTypes ? Lines[Slug]['values'] : never;

/** A lead to create, its fields typed by its product line. */
export type NewLeadOf<Lines> = { [Slug in SlugOf<Lines>]: NewLead<Slug, InputOf<Lines, Slug>> }[SlugOf<Lines>];

/** A lead whose values are typed by its product line. */
export type LeadOf<Lines, Slug extends SlugOf<Lines> = SlugOf<Lines>> = {
  [One in Slug]: Omit<Lead, 'productLine' | 'values'> & {
    readonly productLine: One;
    readonly values: ValuesOf<Lines, One>;
  };
}[Slug];

/** Leads as one actor uses them; see {@link LeadService} for what each method promises. */
export interface ActorLeads<Lines extends object = AnyLines>
  extends ActorBound<LeadService, 'updateMany' | 'moveMany' | 'checkMove' | 'nextNumber' | 'board'>,
    ActorBound<LeadWalker, 'count'>,
    ActorBound<LeadFinder, 'find'>,
    ActorBound<ExportService, 'export'>,
    ActorBound<LeadErasure, 'erase' | 'finishErasures'>,
    ActorBound<AssignmentService, 'assign' | 'unassign' | 'assignMany' | 'checkAssign' | 'checkAssignee'> {
  create<Slug extends SlugOf<Lines>>(
    lead: NewLead<Slug, InputOf<Lines, Slug>>,
    options?: CommandOptions,
  ): Promise<LeadOf<Lines, Slug>>;
  createMany(
    items: readonly CreateItem<NewLeadOf<Lines>>[],
    options?: Pick<CommandOptions, 'signal'>,
  ): Promise<readonly CreateOutcome[]>;
  checkCreate<Slug extends SlugOf<Lines>>(lead: NewLead<Slug, InputOf<Lines, Slug>>): Promise<CheckOutcome>;
  get(lead: string): Promise<LeadOf<Lines>>;
  update(lead: string, patch: LeadPatch, options?: CommandOptions): Promise<LeadOf<Lines>>;
  move(lead: string, request: MoveRequest, options?: CommandOptions): Promise<LeadOf<Lines>>;
  completeTask(
    lead: string,
    task: string,
    completion?: TaskCompletion,
    options?: CommandOptions,
  ): Promise<LeadOf<Lines>>;
  addActivity(lead: string, activity: NewActivity, options?: CommandOptions): Promise<LeadOf<Lines>>;
  delete(lead: string, options?: CommandOptions): Promise<LeadOf<Lines>>;
  restore(lead: string, options?: CommandOptions): Promise<LeadOf<Lines>>;
  list(query?: LeadQuery): PagedList<LeadSummary>;
  activities(lead: string): PagedList<LeadActivity>;
}

const leadMethods = [
  'create',
  'createMany',
  'checkCreate',
  'get',
  'update',
  'updateMany',
  'move',
  'moveMany',
  'checkMove',
  'completeTask',
  'addActivity',
  'delete',
  'restore',
  'board',
  'nextNumber',
] as const;

/** The generated types of a store's lines are a promise of its schemas; nothing here can check them. */
export function actorLeads<Lines extends object>(
  actor: Actor,
  load: {
    readonly leads: () => Promise<LeadService>;
    readonly walker: () => Promise<LeadWalker>;
    readonly finder: () => Promise<LeadFinder>;
    readonly exports: () => Promise<ExportService>;
    readonly erasure: () => Promise<LeadErasure>;
    readonly assignment: () => Promise<AssignmentService>;
  },
): ActorLeads<Lines> {
  const untyped = {
    ...bindActor(actor, load.leads, leadMethods),
    ...bindActor(actor, load.walker, ['count']),
    ...bindActor(actor, load.finder, ['find']),
    ...bindActor(actor, load.exports, ['export']),
    ...bindActor(actor, load.erasure, ['erase', 'finishErasures']),
    ...bindActor(actor, load.assignment, ['assign', 'unassign', 'assignMany', 'checkAssign', 'checkAssignee']),
    list: (query: LeadQuery = {}) =>
      pagedList<LeadSummary>(async (request) => (await load.leads()).list(actor, query).page(request)),
    activities: (lead: string) =>
      pagedList<LeadActivity>(async (request) => (await load.leads()).activities(actor, lead).page(request)),
  };
  return untyped as ActorLeads<AnyLines> as ActorLeads<Lines>;
}
