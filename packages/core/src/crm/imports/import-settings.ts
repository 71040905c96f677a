import { LmsError } from '../../foundation/kernel/index.js';
import { defaultRowLimits, type RowLimits } from './rows/index.js';

export interface ImportSettings {
  readonly limits?: Partial<RowLimits>;
  /**
   * Rows a transaction, 1 to 5,000; 500 when absent. More are stored somewhat faster, and keep other writers waiting longer
   * (500 for some 100 ms). Rows are known again only by runs with the same number.
   */
  readonly batchSize?: number;
  /** False keeps reading, checking and sealing of large files on the calling thread; true when absent. */
  readonly thread?: boolean;
  /** How many workers share a detached import, 1 to 16; 2 when absent. */
  readonly workers?: number;
}

export interface CheckedImportSettings extends Required<ImportSettings> {
  readonly limits: RowLimits;
}

const mostRowsABatch = 5_000;
const mostWorkers = 16;

/** @throws LmsError `CONFIG_INVALID` */
export function checkedSettings(settings: ImportSettings): CheckedImportSettings {
  return {
    thread: settings.thread ?? true,
    batchSize: checkBatchSize(settings.batchSize ?? 500),
    workers: checkWorkers(settings.workers ?? 2),
    limits: { ...defaultRowLimits, ...settings.limits },
  };
}

function checkBatchSize(size: number): number {
  if (Number.isInteger(size) && size >= 1 && size <= mostRowsABatch) return size;
  throw new LmsError('CONFIG_INVALID', {
    message: `an import stores 1 to ${mostRowsABatch} rows in a transaction, not ${size}`,
    path: 'imports.batchSize',
  });
}

function checkWorkers(workers: number): number {
  if (Number.isInteger(workers) && workers >= 1 && workers <= mostWorkers) return workers;
  const message = `1 to ${mostWorkers} workers share an import, not ${workers}`;
  throw new LmsError('CONFIG_INVALID', { message, path: 'imports.workers' });
}
