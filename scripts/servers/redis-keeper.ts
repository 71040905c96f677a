// Holds one Redis for one test (see hold-server.ts). Its first argument is the folder of its data; the second, where there is one, the port
// that it had.
import { mkdir } from 'node:fs/promises';
import process from 'node:process';
import { holdServer } from './hold-server.ts';
import { durableRedis, redisInstallation } from './redis-binary.ts';

const [folder = '', wanted] = process.argv.slice(2);
const command = await redisInstallation();
await mkdir(folder, { recursive: true });
const quiet = ['--logfile', `${folder}.log`];
await holdServer(
  (port) => command([...durableRedis(folder, port), ...quiet]),
  wanted === undefined ? undefined : Number(wanted),
);
