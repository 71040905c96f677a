export { testLead, testLine } from './builders.js';
export { createTestLms, type TestLms, type TestLmsOptions, testKey } from './create-test-lms.js';
export { type Faults, type PlannedFault, withFaults } from './faults.js';
export { seededRandom } from './seeded-random.js';
export { TestClock } from './test-clock.js';
