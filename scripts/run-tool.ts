import { spawn } from 'node:child_process';
import process from 'node:process';
import { workspaceRoot } from './workspace.ts';

/** A program that ended with something else than success, and all it printed. */
export class ToolFailure extends Error {
  override readonly name = 'ToolFailure';
}

export interface ToolCall {
  readonly program: string;
  readonly args: readonly string[];
  /** The folder it runs in; the workspace where not given. */
  readonly folder?: string;
  /** Added to the environment. */
  readonly environment?: NodeJS.ProcessEnv;
}

export interface ToolResult {
  readonly code: number;
  readonly output: string;
  readonly problems: string;
}

/** Runs a program to its end, whatever that is. */
export function callTool({ program, args, folder = workspaceRoot, environment = {} }: ToolCall): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...environment },
    });
    const output: Buffer[] = [];
    const problems: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => problems.push(chunk));
    child.on('error', (error) => reject(new ToolFailure(`${program} could not be started: ${error.message}`)));
    child.on('close', (code) => {
      resolve({
        code: code ?? 1,
        output: Buffer.concat(output).toString(),
        problems: Buffer.concat(problems).toString(),
      });
    });
  });
}

/** Runs a program that has to succeed and gives what it printed. */
export async function runTool(call: ToolCall): Promise<string> {
  const { code, output, problems } = await callTool(call);
  if (code !== 0)
    throw new ToolFailure(`${[call.program, ...call.args].join(' ')} ended with ${code}\n${output}${problems}`);
  return output;
}
