import type { ActorServices, Lms, StorageMigrations } from '../../src/index.js';

/** Names of the operations that cut a method, or that it writes nothing. */
type Covered = 'reads' | readonly [string, ...string[]];

/** An entry for each method, so that a new one does not compile without. */
type CoveredMethods<Services> = {
  readonly [Name in keyof Services & string]: Services[Name] extends (...parameters: never[]) => unknown
    ? Covered
    : CoveredMethods<Services[Name]>;
};

/** Where the matrix cuts what an actor can do. */
export const coveredServices: CoveredMethods<ActorServices> = {
  leads: {
    create: ['create', 'create without a key', 'create by an agent', 'create by an agent who left'],
    createMany: ['createMany'],
    update: ['update'],
    updateMany: ['updateMany'],
    move: ['move', 'close', 'open again'],
    moveMany: ['moveMany'],
    completeTask: ['complete a task'],
    addActivity: ['add an activity', 'add an activity to a full lead'],
    delete: ['delete'],
    restore: ['restore'],
    erase: ['erase'],
    // Each lead is one unit, the same that erasing one is.
    finishErasures: ['erase'],
    assign: ['assign', 'assign to another'],
    unassign: ['unassign'],
    assignMany: ['assignMany'],
    nextNumber: ['draw a number'],
    export: ['export'],
    checkCreate: 'reads',
    checkMove: 'reads',
    checkAssign: 'reads',
    checkAssignee: 'reads',
    get: 'reads',
    list: 'reads',
    activities: 'reads',
    board: 'reads',
    count: 'reads',
    find: 'reads',
  },
  schemas: {
    publish: ['publish a line', 'publish a change', 'publish a draft'],
    saveDraft: ['save a draft'],
    discardDraft: ['discard a draft'],
    draft: 'reads',
    list: 'reads',
    definition: 'reads',
    standing: 'reads',
    schema: 'reads',
    versions: 'reads',
    describe: 'reads',
    lint: 'reads',
    types: 'reads',
  },
  stages: {
    create: ['add a stage'],
    update: ['change a stage'],
    reorder: ['reorder stages'],
    retire: ['retire a stage'],
    restore: ['restore a stage'],
    list: 'reads',
    refuseUnknown: 'reads',
  },
  imports: {
    run: ['import', 'import that updates', 'import that refuses'],
    mappings: {
      save: ['save a mapping', 'change a mapping'],
      remove: ['remove a mapping'],
      get: 'reads',
      find: 'reads',
      list: 'reads',
    },
    plan: 'reads',
    list: 'reads',
    get: 'reads',
    detach: ['leave an import to a worker'],
    detached: 'reads',
  },
  reports: { funnel: 'reads' },
  users: {
    create: ['add a user'],
    update: ['change a user'],
    activate: ['activate a user'],
    deactivate: ['deactivate a user'],
    get: 'reads',
    list: 'reads',
  },
  audit: { list: 'reads', head: 'reads', verify: 'reads', seal: ['seal the trail'], export: ['export the trail'] },
  backups: { create: ['backup', 'backup into a folder'] },
  keys: { status: 'reads', rotate: ['rotate the master key'] },
  outbound: { call: ['call another system'], budgets: 'reads' },
  exchanges: { list: 'reads', get: 'reads' },
  consents: {
    give: ['give a consent'],
    withdraw: ['withdraw a consent'],
    block: ['block contact'],
    unblock: ['unblock contact'],
    wordings: { add: ['add a wording'], get: 'reads', list: 'reads' },
    list: 'reads',
    check: 'reads',
    require: 'reads',
    blocks: 'reads',
    purposes: 'reads',
  },
  jobs: {
    add: ['add a job'],
    retry: ['retry a job'],
    cancel: ['cancel a job'],
    list: 'reads',
    get: 'reads',
    schedules: 'reads',
  },
  events: {
    pause: ['pause a consumer'],
    resume: ['resume a consumer'],
    retry: ['retry a consumer'],
    skip: ['skip an event'],
    replay: ['replay events'],
    forget: ['forget a consumer'],
    consumers: 'reads',
    watch: 'reads',
  },
  timers: {
    set: ['set a timer'],
    cancel: ['cancel a timer'],
    retry: ['retry a timer'],
    list: 'reads',
    get: 'reads',
  },
  store: {
    rebuildFacts: ['rebuild facts'],
    retryStuck: ['retry stuck events'],
    health: 'reads',
  },
};

/** Where the matrix cuts what is done to a store as a whole. */
export const coveredStore: CoveredMethods<Omit<Lms, 'as'> & { readonly migrations: StorageMigrations }> = {
  ready: ['make a store'],
  bootstrapAdmin: ['make a store'],
  tick: ['relay step', 'run a job', 'run a schedule', 'fire a timer'],
  worker: { start: ['run a job'], stop: 'reads', report: 'reads' },
  events: { consume: ['consume events'], consumeBatches: ['consume events'] },
  restore: ['restore a backup'],
  migrations: { run: ['migration'], status: 'reads' },
  settle: 'reads',
  close: 'reads',
  health: 'reads',
  check: 'reads',
  verifyBackup: 'reads',
};
