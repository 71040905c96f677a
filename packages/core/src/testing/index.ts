export { createTestLms, type TestLms, type TestLmsOptions, testKey } from './create-test-lms.js';
export { seededRandom } from './seeded-random.js';
export { TestClock } from './test-clock.js';
