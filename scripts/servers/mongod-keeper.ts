// Holds one mongod for one test (see hold-server.ts): its arguments are mongod's; `--port N`, where it is the first, is one that it had.
import process from 'node:process';
import { holdServer } from './hold-server.ts';
import { mongodBinary } from './mongodb-binary.ts';

const program = await mongodBinary();
const quiet = ['--bind_ip', '127.0.0.1', '--nounixsocket'];
const cache = '--wiredTigerCacheSizeGB';
const [first, wanted, ...others] = process.argv.slice(2);
const isBack = first === '--port' && wanted !== undefined;
const given = isBack ? others : process.argv.slice(2);
const small = given.includes(cache) ? [] : [cache, '0.25'];
await holdServer(
  (port) => ({ program, args: ['--port', String(port), ...quiet, ...small, ...given] }),
  isBack ? Number(wanted) : undefined,
);
