import type { ConformanceCase } from './conformance-case.js';
import { jobClaimCases } from './job-claims.js';
import { jobEndCases } from './job-ends.js';
import { jobRecordCases } from './job-records.js';

export const jobCases: readonly ConformanceCase[] = [...jobClaimCases, ...jobEndCases, ...jobRecordCases];
