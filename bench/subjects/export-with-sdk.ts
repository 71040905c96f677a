import { setFlagsFromString } from 'node:v8';
import { createLms } from '#core';
import { sqlite } from '#core/storage/sqlite';
import type { ExportSettings } from '../data/export-columns.ts';
import { productLine } from '../data/personal-loan.ts';
import { beSubject } from '../kit/subject.ts';
import { type RowsTiming, startClocks } from '../kit/timing.ts';

await beSubject<ExportSettings, RowsTiming>(async ({ store, file, format, columns, smallYoungGeneration }) => {
  if (smallYoungGeneration) setFlagsFromString('--semi-space-growth-factor=1');
  await using lms = await createLms({ storage: sqlite({ file: store }) });
  const { leads } = lms.as({ kind: 'user', id: 'root' });
  // What opening costs is no part of an export.
  await lms.ready();
  const elapsed = startClocks();
  const exported = await leads.export({
    filter: { productLine },
    format,
    options: 'values',
    ...(columns === null ? {} : { columns }),
    ...(format === 'csv' ? { bom: false } : {}),
    to: { file },
  });
  return { rows: exported.leads, ...elapsed() };
});
