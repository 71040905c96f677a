/** Where a file of packages/core/src may be, floor by floor; a folder may import those before it, never one after it. */
const floors = {
  foundation: [
    'kernel',
    'telemetry',
    'redis',
    'cache',
    'tables',
    'persistence',
    'privacy',
    'audit',
    'backup',
    'access',
    'calendars',
    'outbound',
    'jobs',
    'events',
  ],
  decisions: ['rules', 'matching', 'distribution'],
  crm: [
    'fields',
    'pipeline',
    'subjects',
    'documents',
    'leads',
    'exports',
    'imports',
    'assignment',
    'workflow',
    'notify',
    'clients',
    'reports',
  ],
  origination: ['connector', 'partners', 'providers', 'kyc', 'lending', 'routing', 'applications', 'disbursal'],
};

/** The capability folders in import order, such as `foundation/kernel`. */
export const capabilities: readonly string[] = Object.entries(floors).flatMap(([floor, names]) =>
  names.map((name) => `${floor}/${name}`),
);

/** The folders that stand above the floors, beside the files of packages/core/src itself, which put everything together. */
export const foldersAboveTheFloors: readonly string[] = ['storage', 'conformance', 'testing'];
