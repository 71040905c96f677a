import { defineConfig } from 'tsup';

export default defineConfig({
  entry: { bin: 'src/bin.ts' },
  format: 'esm',
  target: 'node20',
  platform: 'node',
  splitting: true,
  clean: true,
  // Without this `node:sqlite` is written as `sqlite`, which does not exist.
  removeNodeProtocol: false,
});
