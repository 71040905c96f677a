import { hostname } from 'node:os';

const mostHostCharacters = 100;

/** Names a worker so that people find its process: `desk-7/4711/ID`. @param id that no other worker has */
export function workerName(id: string): string {
  return `${hostname().slice(0, mostHostCharacters)}/${process.pid}/${id}`;
}
