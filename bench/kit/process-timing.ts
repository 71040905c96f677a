import { spawnSync } from 'node:child_process';
import process from 'node:process';

export interface ProcessTiming {
  readonly medianMillis: number;
  readonly fastestMillis: number;
  /** Processor time of one, on average: it hardly changes when others are at work on the machine. */
  readonly cpuMillis: number;
}

export interface NodeProcess {
  /** What stands after `node`. */
  readonly args: readonly string[];
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** Starts Node.js again and again, each time to its end; the first `warmUp` times do not count. */
export function timeProcess(
  { args, folder, environment }: NodeProcess,
  times: { readonly warmUp: number; readonly counted: number },
): ProcessTiming {
  const options = { cwd: folder, env: environment } as const;
  const durations: number[] = [];
  for (let done = 0; done < times.warmUp + times.counted; done += 1) {
    const began = performance.now();
    const { status, stderr } = spawnSync(process.execPath, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
    if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
    if (done >= times.warmUp) durations.push(performance.now() - began);
  }
  durations.sort((left, right) => left - right);
  return {
    medianMillis: durations[Math.floor(durations.length / 2)] ?? 0,
    fastestMillis: durations[0] ?? 0,
    cpuMillis: cpuMillisOf(args, options, times.counted),
  };
}

/** bash knows what its children used; Node.js does not. */
function cpuMillisOf(
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
  count: number,
): number {
  const loop = `for ((done = 0; done < ${count}; done += 1)); do "$@" >/dev/null 2>&1; done; times`;
  const { stdout } = spawnSync('bash', ['-c', loop, 'bash', process.execPath, ...args], {
    ...options,
    encoding: 'utf8',
  });
  const [, children = ''] = stdout.trim().split('\n');
  const seconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, rest]) => 60 * Number(minutes) + Number(rest),
  );
  return (1000 * seconds.reduce((sum, each) => sum + each, 0)) / count;
}
