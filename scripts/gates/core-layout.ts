/** Where a file of packages/core/src may be, floor by floor; a folder may import those before it, never one after it. */
const floors = {
  foundation: ['kernel', 'persistence', 'privacy', 'audit', 'access', 'outbound', 'jobs'],
  decisions: ['rules', 'matching', 'distribution'],
  crm: [
    'fields',
    'pipeline',
    'subjects',
    'documents',
    'leads',
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

/** What stands above the floors. */
export const aboveTheFloors: readonly string[] = ['lms.ts', 'index.ts', 'storage', 'conformance', 'testing'];
