import { systemCode } from '../kernel/index.js';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'no permission to read it',
  EPERM: 'no permission to read it',
  EISDIR: 'it is a folder',
  ELOOP: 'it is a link to itself',
};

/** Why the system did not read a file, in words for whoever named it. */
export function readProblem(cause: unknown): string {
  return reasons[systemCode(cause) ?? ''] ?? (cause instanceof Error ? cause.message : String(cause));
}
