import { LmsError } from './errors.js';

/**
 * A package that is there only where it is needed.
 * @param load imports it, by a name that bundlers can read
 * @throws LmsError `DRIVER_MISSING` naming the package
 */
export async function loadOptional<Module>(name: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    throw new LmsError('DRIVER_MISSING', {
      message: `the package "${name}" is not installed; run: npm install ${name}`,
      cause,
    });
  }
}
