import { z } from 'zod';
import { type OwnFieldTypeName, type PiiClass, piiClasses } from '../field-definition.js';

/** The types that a type of a plugin can build on: what its values are kept, ordered and bounded as. */
export const ownTypeBases = ['text', 'integer', 'decimal', 'date'] as const;
export type OwnTypeBase = (typeof ownTypeBases)[number];

/** What a version of a line remembers of a type of a plugin, so that leads can be read, masked and exported without the plugin. */
export interface KeptFieldType {
  readonly base: OwnTypeBase;
  readonly pii: PiiClass;
}

export type KeptFieldTypes = Readonly<Record<OwnFieldTypeName, KeptFieldType>>;

const nameShape = z.templateLiteral([z.string(), '.', z.string()]);

export const keptFieldTypesShape: z.ZodType<KeptFieldTypes> = z.record(
  nameShape,
  z.strictObject({ base: z.enum(ownTypeBases), pii: z.enum(piiClasses) }),
);
