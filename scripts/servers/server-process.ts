import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { lastLines } from './processes.ts';

/** A server the tests need: where its address is looked for, and how one is started. */
export interface TestServer {
  readonly name: string;
  /** The environment variable with its URL; where it is set, that server is used and none is started. */
  readonly variable: string;
  /** Starts one whose files are all in `folder`, and returns when it takes writes. */
  start(folder: string): Promise<StartedServer>;
}

export interface StartedServer {
  readonly url: string;
  readonly process: ChildProcess;
}

export interface ServerCommand {
  readonly program: string;
  readonly args: readonly string[];
}

export interface ServerPlan {
  readonly folder: string;
  /** The command for one port. */
  command(port: number): ServerCommand;
  /** Resolves to the URL once the server answers, rejects while it does not. */
  connect(port: number): Promise<string>;
}

const START_MILLISECONDS = 60_000;
const POLL_MILLISECONDS = 100;
const PORT_ATTEMPTS = 5;
const PORT_TAKEN = /address already in use|do you already have another mysqld/i;

/** Starts a server on a free port and waits until it answers; a port that was taken meanwhile is replaced by another. */
export async function startServerProcess(plan: ServerPlan): Promise<StartedServer> {
  const logFile = `${plan.folder}.log`;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnPort(plan, logFile, await freePort());
    } catch (error) {
      const log = readFileSync(logFile, 'utf8');
      if (attempt < PORT_ATTEMPTS && PORT_TAKEN.test(log)) continue;
      throw new Error(`${error instanceof Error ? error.message : error}; its log ends: ${lastLines(log)}`);
    }
  }
}

async function startOnPort(plan: ServerPlan, logFile: string, port: number): Promise<StartedServer> {
  const { program, args } = plan.command(port);
  const log = openSync(logFile, 'w');
  const child = spawn(program, args, { stdio: ['ignore', log, log] });
  closeSync(log);
  if (child.pid !== undefined) writeFileSync(`${plan.folder}.pid`, String(child.pid));
  let failure: string | undefined;
  child.once('error', (error) => {
    failure = error.message;
  });
  child.once('exit', (code, signal) => {
    failure ??= `it ended with ${code ?? signal}`;
  });
  const deadline = Date.now() + START_MILLISECONDS;
  let lastProblem: unknown;
  while (failure === undefined && Date.now() < deadline) {
    try {
      return { url: await plan.connect(port), process: child };
    } catch (error) {
      lastProblem = error;
    }
    await sleep(POLL_MILLISECONDS);
  }
  child.kill('SIGKILL');
  throw new Error(failure ?? `no answer within ${START_MILLISECONDS / 1000} seconds (${lastProblem})`);
}
