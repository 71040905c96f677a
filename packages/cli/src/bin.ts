#!/usr/bin/env node
// The guard: loads nothing before it knows that this Node can, and keeps to syntax that old ones parse.

const requiredMajor = 22;
const requiredMinor = 19;
const running = process.versions.node.split('.').map(Number);
const major = running[0] || 0;
const minor = running[1] || 0;

if (major < requiredMajor || (major === requiredMajor && minor < requiredMinor)) {
  process.stderr.write(
    `lms needs Node.js ${requiredMajor}.${requiredMinor} or newer; this is ${process.version} (${process.execPath})\n`,
  );
  process.exitCode = 2;
} else {
  silenceSqliteWarning();
  keepCompiledCode();
  import('./main.js')
    .then((loaded) => loaded.main(process.argv.slice(2)))
    .then((exitCode) => {
      process.exitCode = exitCode;
    });
}

/** Node 22 announces `node:sqlite` as experimental on every start; every other warning still gets through. */
function silenceSqliteWarning(): void {
  const emitWarning = process.emitWarning;
  process.emitWarning = (...parameters: unknown[]): void => {
    const isSqlite = String(parameters[0]).startsWith('SQLite is an experimental feature');
    if (isSqlite && parameters[1] === 'ExperimentalWarning') return;
    Reflect.apply(emitWarning, process, parameters);
  };
}

/**
 * Compiled code is kept in the user's own cache folder, not in the common temporary one, where another user could have put some
 * before. Without a home folder none is kept; NODE_COMPILE_CACHE and NODE_DISABLE_COMPILE_CACHE do what they say.
 */
function keepCompiledCode(): void {
  const { XDG_CACHE_HOME: cache, LOCALAPPDATA: local, HOME: home } = process.env;
  const folder = cache || local || (home && `${home}/.cache`);
  if (folder) process.getBuiltinModule('node:module').enableCompileCache(`${folder}/lms/compiled`);
}
