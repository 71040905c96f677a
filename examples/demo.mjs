// The main job, with the commands that ops people type: a store, three product lines, 1,000 leads from a spreadsheet, the
// board and the funnel. Run it with `npm run demo`; `npm run demo -- --store hybrid` does the same on MongoDB and MySQL, and
// `--store mysql` on MySQL alone. Their URLs are in MONGO_URL and MYSQL_URL (it makes the database lms_demo there anew).
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'demo-store');
const lmsCommand = join(root, 'packages', 'cli', 'dist', 'bin.js');
const productLine = 'personal-loan';
const databaseName = 'lms_demo';
const doneWithRejects = 4;

const file = { store: 'dev', init: ['init'], servers: [] };
const mongoAndMysql = { store: 'prod', init: ['init'], servers: ['MONGO_URL', 'MYSQL_URL'] };
const mysqlAlone = { store: 'prod', init: ['init', '--kind', 'mysql'], servers: ['MYSQL_URL'] };
const shapes = { dev: file, sqlite: file, prod: mongoAndMysql, hybrid: mongoAndMysql, mysql: mysqlAlone };

/** The shape to use, and its name in lms.config.json. */
function chosenShape() {
  const args = process.argv.slice(2);
  const at = args.indexOf('--store');
  const wanted = at >= 0 ? args[at + 1] : (process.env.LMS_DEMO_STORE ?? 'sqlite');
  const known = Object.hasOwn(shapes, wanted ?? '');
  if (!known || (args.length > 0 && (at !== 0 || args.length !== 2))) {
    fail(`Usage: npm run demo -- [--store sqlite|mysql|hybrid]`, 2);
  }
  return shapes[wanted];
}

function fail(message, exitCode = 1) {
  console.error(`demo: ${message}`);
  process.exit(exitCode);
}

/** The environment of the commands: no configuration of the user's own is read or changed. */
async function environmentOf({ store, servers }) {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('LMS_'));
  const environment = { ...Object.fromEntries(own), LMS_CONFIG: join(folder, 'lms.config.json'), LMS_STORE: store };
  return servers.length === 0 ? environment : { ...environment, ...(await freshDatabases(servers)) };
}

async function freshDatabases(servers) {
  const { MONGO_URL: mongoServer, MYSQL_URL: mysqlServer } = process.env;
  if (servers.some((name) => !process.env[name])) {
    fail(`set ${servers.join(' and ')}, or start test servers: node scripts/servers up && source .servers.env`, 2);
  }
  const mysqlUrl = withDatabase(mysqlServer);
  const { createConnection } = await import('mysql2/promise');
  const mysql = await createConnection(mysqlServer);
  await mysql.query(`DROP DATABASE IF EXISTS ${databaseName}`);
  await mysql.query(`CREATE DATABASE ${databaseName}`);
  await mysql.end();
  if (!servers.includes('MONGO_URL')) return { MYSQL_URL: mysqlUrl };
  const mongoUrl = withDatabase(mongoServer);
  const { MongoClient } = await import('mongodb');
  const mongo = new MongoClient(mongoUrl, { serverSelectionTimeoutMS: 5000 });
  await mongo.db().dropDatabase();
  await mongo.close();
  return { MONGO_URL: mongoUrl, MYSQL_URL: mysqlUrl };
}

function withDatabase(url) {
  const changed = new URL(url);
  changed.pathname = `/${databaseName}`;
  return changed.href;
}

/** Runs a command as a person would see it. */
function show(environment, words, expectedExit = 0) {
  console.log(`\n$ lms ${words.join(' ')}`);
  const { status } = spawnSync(process.execPath, [lmsCommand, ...words], {
    cwd: folder,
    env: environment,
    stdio: 'inherit',
  });
  if (status !== expectedExit) fail(`"lms ${words.join(' ')}" exited ${status}, not ${expectedExit}`);
}

/** Runs a command for its JSON. */
function ask(environment, words, expectedExit = 0) {
  const asked = [...words, '--json', '--quiet'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [lmsCommand, ...asked], {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== expectedExit) fail(`"lms ${asked.join(' ')}" exited ${status}, not ${expectedExit}: ${stderr}`);
  return JSON.parse(stdout);
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

/** What must be true of the numbers, with what was found. */
function checks({ dryRun, run, board, funnel }) {
  const { rows, created, duplicates, rejected } = run.counts;
  return [
    [
      `${rows} rows = ${created} created + ${duplicates} duplicates + ${rejected} rejected`,
      rows === created + duplicates + rejected,
    ],
    ['the file has 1,000 rows', rows === 1000],
    [
      'the dry run had promised the same',
      JSON.stringify(dryRun.counts) === JSON.stringify(run.counts) &&
        JSON.stringify(dryRun.reasons) === JSON.stringify(run.reasons),
    ],
    [
      `every rejected row has a reason (${sum(Object.values(run.reasons))} in all)`,
      sum(Object.values(run.reasons)) >= rejected,
    ],
    ['the board shows every lead', sum(board.columns.map((column) => column.count)) === created],
    ['the funnel counts every lead', funnel.leads === created && funnel.stages[0].entered === created],
    ['one of them was called and moved on', funnel.stages.find(({ stage }) => stage === 'contacted').entered === 1],
    ['the reject file is there', existsSync(join(folder, 'leads.rejects.xlsx'))],
  ];
}

const shape = chosenShape();
if (!existsSync(lmsCommand)) fail('the packages are not built; start this with: npm run demo');
const environment = await environmentOf(shape).catch((error) =>
  fail(`the servers cannot be used: ${error.message}`, 7),
);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
const fromFolder = (...parts) => relative(folder, join(root, 'examples', ...parts));
const lines = ['personal-loan', 'insurance', 'demat'].map((line) => fromFolder('product-lines', `${line}.yaml`));
const importWords = ['import', fromFolder('data', 'leads.xlsx'), '--product', productLine];

console.log(
  `LMS demo: 1,000 leads from a spreadsheet into a working pipeline, in ${relative(root, folder)}/ (made anew each time)`,
);
show(environment, shape.init);
show(environment, ['schema', 'publish', ...lines]);
const dryRun = ask(environment, [...importWords, '--dry-run'], doneWithRejects);
show(environment, [...importWords, '--rejects', 'leads.rejects.xlsx'], doneWithRejects);
const [lead] = ask(environment, ['leads', 'list', '--product', productLine, '--limit', '1']).items;
show(environment, ['tasks', 'complete', lead.number, 'first-call', '--set', 'outcome=connected']);
show(environment, ['leads', 'move', lead.number, '--to', 'contacted']);
show(environment, ['board', '--product', productLine, '--cards', '3']);
show(environment, ['report', 'funnel', '--product', productLine]);

const [run] = ask(environment, ['imports', 'list']).items;
const found = checks({
  dryRun,
  run,
  board: ask(environment, ['board', '--product', productLine]),
  funnel: ask(environment, ['report', 'funnel', '--product', productLine]),
});
console.log('\nDo the numbers add up?');
for (const [text, holds] of found) console.log(`  ${holds ? 'yes' : 'NO '}  ${text}`);
if (found.some(([, holds]) => !holds)) fail('the numbers do not add up');

const node = relative(folder, join(root, 'node_modules', '.bin', 'node'));
console.log(`
Go on with it:
  cd ${relative(process.cwd(), folder) || '.'}
  alias lms='${node} ${relative(folder, lmsCommand)}'${shape.servers.length === 0 ? '' : `\n  export LMS_STORE=${shape.store}   # and ${shape.servers.join(', ')} with the database ${databaseName}`}
  lms leads list --product ${productLine} --limit 10
  lms leads show ${lead.number}
  lms tasks list --product ${productLine}
  lms import leads.rejects.xlsx --product ${productLine}     # after mending it
  lms leads --help`);
