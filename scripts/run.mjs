// node scripts/run.mjs TASK [arguments]: the entry behind `npm test`, `npm run demo` and the like; TASK is a file of scripts/tasks.
import { existsSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { runWithWorkspaceNode } from './bootstrap.mjs';

const [task = '', ...args] = process.argv.slice(2);
if (!/^[a-z]+$/.test(task) || !existsSync(fileURLToPath(new URL(`./tasks/${task}.ts`, import.meta.url)))) {
  console.error(`lms-workspace: there is no task "${task}" in scripts/tasks.`);
  process.exit(2);
}
runWithWorkspaceNode(`tasks/${task}.ts`, args);
