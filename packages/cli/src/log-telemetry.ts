import { type LmsOptions, logTo, maskedLogging } from '@lms/core';
import { LmsError } from '@lms/core/kernel';

const levels = ['debug', 'info', 'warn', 'error'];

/** What is done, as lines of JSON on the error output, where `LMS_LOG` names the least level. @throws LmsError `CONFIG_INVALID` */
export async function logTelemetry({ LMS_LOG: level }: NodeJS.ProcessEnv): Promise<Pick<LmsOptions, 'telemetry'>> {
  if (!level) return {};
  if (!levels.includes(level)) {
    const message = `LMS_LOG is "${level}"; expected one of ${levels.join(', ')}`;
    throw new LmsError('CONFIG_INVALID', { message, path: 'LMS_LOG' });
  }
  const { pino, destination } = await import('pino');
  // Written before the command goes on: a process that is killed has told what it did.
  return { telemetry: logTo(pino({ level, ...maskedLogging }, destination({ dest: 2, sync: true }))) };
}
