import { dirname } from 'node:path';
import ts from 'typescript';
import { inWorkspace } from '../workspace.ts';

const options: ts.CompilerOptions = {
  strict: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
  module: ts.ModuleKind.NodeNext,
  types: ['node'],
  typeRoots: [inWorkspace('node_modules', '@types')],
  skipLibCheck: true,
};

/** Declarations, which no page changes: they are read for the first page that needs them. */
const declarations = new Map<string, ts.SourceFile | undefined>();

/** What the compiler says of a program of a page; empty when it finds nothing wrong with it. */
export function typeProblemsOf(file: string): string {
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getCurrentDirectory = () => dirname(file);
  host.getSourceFile = (name, ...how) => {
    if (!name.endsWith('.d.ts')) return read(name, ...how);
    if (!declarations.has(name)) declarations.set(name, read(name, ...how));
    return declarations.get(name);
  };
  const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram({ rootNames: [file], options, host }));
  return ts.formatDiagnostics(diagnostics, host);
}
