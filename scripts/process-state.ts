import process from 'node:process';

/** What one test file could change for the next one in its process. */
export interface ProcessState {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** How many listen to signals and to errors that nobody caught. */
  readonly listeners: Readonly<Record<string, number>>;
  readonly clock: typeof Date;
}

const EVENTS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'uncaughtException', 'unhandledRejection', 'warning'] as const;

export function processState(): ProcessState {
  return {
    folder: process.cwd(),
    environment: { ...process.env },
    listeners: Object.fromEntries(EVENTS.map((event) => [event, process.listenerCount(event)])),
    clock: Date,
  };
}

/** What is different, a line each; empty where nothing is. */
export function changesOf(before: ProcessState, after: ProcessState): readonly string[] {
  return [
    ...(before.folder === after.folder ? [] : [`the working folder is ${after.folder}, it was ${before.folder}`]),
    ...changedKeys(before.environment, after.environment).map((name) => `the environment variable ${name} changed`),
    ...changedKeys(before.listeners, after.listeners).map((event) => `listeners for ${event} were added or removed`),
    ...(before.clock === after.clock ? [] : ['the clock was replaced']),
  ];
}

function changedKeys(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => before[key] !== after[key]);
}
