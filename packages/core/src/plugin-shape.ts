import { z } from 'zod';
import { pluginFieldTypesShape } from './crm/fields/index.js';
import { checkInput } from './foundation/kernel/index.js';

const functionShape = z.custom<unknown>((value) => typeof value === 'function', { error: 'expected a function' });
const guardShape = z.strictObject({
  name: z.string(),
  create: functionShape.optional(),
  move: functionShape.optional(),
});

/** Strict, so that what is misspelt does not go unheard. What is in consumers and jobs is checked where they are. */
const pluginShape = z.strictObject({
  name: z.string(),
  fieldTypes: pluginFieldTypesShape.optional(),
  guards: z.array(guardShape).optional(),
  consumers: z.array(z.looseObject({ name: z.string() })).optional(),
  jobs: z.array(z.looseObject({ kind: z.string(), run: functionShape })).optional(),
});
const pluginsShape = z.object({ plugins: z.array(pluginShape) });

/** Plugins come from code without types, too. @throws LmsError `CONFIG_INVALID` */
export function requirePlugins(plugins: readonly unknown[]): void {
  checkInput(pluginsShape, { plugins }, 'the plugins cannot be used', 'CONFIG_INVALID');
}
