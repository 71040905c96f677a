import { capabilities, foldersAboveTheFloors } from './scripts/gates/core-layout.ts';

const core = '^packages/core/src/';
const anyCapability = `${core}(${capabilities.join('|')})/`;
/** The files that put everything together: lms.ts, index.ts and what they are made of. */
const topLevel = `${core}[^/]+[.]ts$`;
const tests = '[.]test[.]ts$';
const openTelemetry = `${core}foundation/telemetry/opentelemetry/`;
const redis = `${core}foundation/(redis|cache/redis|jobs/bullmq)/`;
const engines = `${core}storage/(?!(storage|migrations-port|raw-store)[.]ts$)`;

/** One rule a folder: it imports none of the folders listed after it, and nothing that stands above the floors. */
const directions = capabilities.map((folder, position) => ({
  name: `direction-of-${folder.replace('/', '-')}`,
  severity: 'error',
  comment: `${folder} may import only what the list in scripts/gates/core-layout.ts names before it.`,
  from: { path: `${core}${folder}/`, pathNot: tests },
  to: {
    path: [`${core}(${[...capabilities.slice(position + 1), ...foldersAboveTheFloors].join('|')})/`, topLevel],
  },
}));

export default {
  forbidden: [
    ...directions,
    {
      name: 'no-cycle',
      severity: 'error',
      comment: 'Two files that need each other are one idea, or a third is missing.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'index-only-between-capabilities',
      severity: 'error',
      comment: "Nothing outside a capability reads past what the folder's index.ts gives.",
      from: { path: `${core}([^/]+/[^/]+)/`, pathNot: `${core}(storage|conformance|testing)/` },
      to: { path: `${anyCapability}(?!index[.]ts$)`, pathNot: `${core}$1/` },
    },
    {
      name: 'index-only-from-above',
      severity: 'error',
      comment: 'Composition and test tools read a capability through its index.ts.',
      from: { path: [topLevel, `${core}testing/`], pathNot: tests },
      to: { path: `${anyCapability}(?!index[.]ts$)` },
    },
    {
      name: 'storage-reads-ports-only',
      severity: 'error',
      comment: 'Storage knows the kernel, persistence and the *-store.ts ports of the capabilities.',
      from: { path: `${core}(storage|conformance)/`, pathNot: tests },
      to: {
        path: anyCapability,
        pathNot: [`${core}foundation/(kernel|persistence)/index[.]ts$`, '-store[.]ts$', `${anyCapability}index[.]ts$`],
      },
    },
    {
      name: 'storage-runs-no-capability',
      severity: 'error',
      comment: 'Of an index.ts other than those of the kernel and persistence, storage takes types alone.',
      from: { path: `${core}(storage|conformance)/`, pathNot: tests },
      to: {
        path: `${anyCapability}index[.]ts$`,
        pathNot: `${core}foundation/(kernel|persistence)/index[.]ts$`,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'face-reaches-no-engine',
      severity: 'error',
      comment: 'Importing @lms/core loads no driver: engines come in through their own entry points.',
      from: { path: topLevel, pathNot: tests },
      to: { path: engines, reachable: true },
    },
    {
      name: 'conformance-knows-no-engine',
      severity: 'error',
      comment: 'The same cases run on every engine, also on one from outside.',
      from: { path: `${core}conformance/`, pathNot: tests },
      to: { path: engines },
    },
    {
      name: 'drivers-in-storage-only',
      severity: 'error',
      comment: 'A driver is an optional peer, or built in from some Node.js on; only its engine may name it.',
      from: { path: core, pathNot: [engines, tests] },
      to: { path: '(^|/)(mongodb|mysql2|(node:)?sqlite)(/|$)' },
    },
    {
      name: 'redis-behind-its-entries',
      severity: 'error',
      comment:
        'bullmq and ioredis are optional peers: only what has an entry point of its own may name them, or what does.',
      from: { path: core, pathNot: [redis, tests] },
      to: { path: [redis, 'node_modules/(bullmq|ioredis)/'] },
    },
    {
      name: 'opentelemetry-behind-its-entry',
      severity: 'error',
      comment: 'Who traces nothing loads nothing for it.',
      from: { path: core, pathNot: [openTelemetry, tests] },
      to: { path: [openTelemetry, 'node_modules/@opentelemetry/'] },
    },
    {
      name: 'packages-meet-at-entry-points',
      severity: 'error',
      comment: 'A package imports another by its published name.',
      from: { path: '^packages/([^/]+)/src/' },
      to: { path: '^packages/[^/]+/', pathNot: '^packages/$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'adapters-know-the-connector-only',
      severity: 'error',
      comment: 'A lender adapter is written against the connector port and the kernel.',
      from: { path: '^packages/adapters-nbfc/src/' },
      to: { path: '^packages/core/', pathNot: '^packages/core/dist/(connector|kernel)[.]' },
    },
    {
      name: 'core-stands-alone',
      severity: 'error',
      comment: 'Core imports no other package of this workspace.',
      from: { path: core },
      to: { path: '^packages/(?!core/)' },
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'An import that leads nowhere, or to a path that the package does not export.',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^packages/[^/]+/dist/'] },
    moduleSystems: ['es6'],
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
