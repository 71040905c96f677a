import { z } from 'zod';
import { checkInput, type DateOrder, dateOrders } from '../../foundation/kernel/index.js';
import {
  type BlockRequest,
  blockShape,
  mostAtCreation,
  type NewConsent,
  newConsentShape,
} from '../../foundation/privacy/index.js';
import { type DateOrders, hideAadhaarNumbers, keptText } from '../fields/index.js';
import type { LinkedEntity } from './lead.js';

/** What a caller gives to make a lead. */
export interface NewLead<Line extends string = string, Fields extends object = Readonly<Record<string, unknown>>> {
  readonly productLine: Line;
  /** By field key, as a person types them or as exact values. */
  readonly fields: Fields;
  /** Where the lead came from; `sdk` when absent. */
  readonly source?: string;
  readonly channel?: string;
  readonly campaign?: string;
  /** Free labels such as `{ priority: 'high' }`; kept in the clear, so no personal data. */
  readonly properties?: Properties;
  readonly links?: readonly LinkedEntity[];
  readonly collaboratorIds?: readonly string[];
  /** How all-digit dates are read; day first when absent. */
  readonly dateOrder?: DateOrders;
  /** What the person allows, as `consents.give` takes it: recorded with the lead, or neither is. At most 20. */
  readonly consents?: readonly NewConsent[];
  /** By what the person must not be contacted, as `consents.block` takes it: recorded with the lead, or neither is. */
  readonly contactBlocks?: readonly BlockRequest[];
}

export type Properties = Readonly<Record<string, string>>;

const word = z.string().trim().min(1).max(100);

/** The name of a source, a channel or a campaign. */
export const originShape: z.ZodType<string> = keptText(100);

const reserved = new Set(['__proto__', 'constructor', 'prototype']);

/** At most 50 labels of at most 500 characters. */
export const propertiesShape: z.ZodType<Properties> = z
  .record(
    z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, { error: 'a property name has letters, digits, "_" and "-"' })
      .refine((key) => !reserved.has(key), { error: 'this name is reserved' }),
    z
      .string()
      .transform((text) => hideAadhaarNumbers(text))
      .pipe(z.string().max(500)),
  )
  .refine((properties) => Object.keys(properties).length <= 50, { error: 'at most 50 properties' });

export const collaboratorsShape: z.ZodType<readonly string[]> = z.array(word).max(50);

export const linksShape: z.ZodType<readonly LinkedEntity[]> = z
  .array(z.strictObject({ kind: word, id: word }))
  .max(100);

/** Kept as given, so that a key such as `__proto__` is refused by name and not dropped. */
export const fieldInputsShape: z.ZodType<Readonly<Record<string, unknown>>> = z.custom<
  Readonly<Record<string, unknown>>
>(isPlainObject, {
  error: 'expected an object of field values',
});

const dateOrderShape: z.ZodType<DateOrder> = z.enum(dateOrders);

export const dateOrdersShape: z.ZodType<DateOrders> = z.union([
  dateOrderShape,
  z.strictObject({ others: dateOrderShape, fields: z.record(z.string().max(64), dateOrderShape) }),
]);

const newLeadShape: z.ZodType<NewLead> = z.strictObject({
  productLine: word,
  fields: fieldInputsShape,
  source: originShape.exactOptional(),
  channel: originShape.exactOptional(),
  campaign: originShape.exactOptional(),
  properties: propertiesShape.exactOptional(),
  links: linksShape.exactOptional(),
  collaboratorIds: collaboratorsShape.exactOptional(),
  dateOrder: dateOrdersShape.exactOptional(),
  consents: z
    .array(newConsentShape)
    .max(mostAtCreation, { error: `at most ${mostAtCreation} consents` })
    .exactOptional(),
  contactBlocks: z.array(blockShape).max(mostAtCreation).exactOptional(),
});

/** @throws LmsError `INPUT_INVALID` naming each wrong place; field values are checked against the product line later */
export function checkNewLead(input: unknown): NewLead {
  return checkInput(newLeadShape, input, 'the lead cannot be created');
}

function isPlainObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

const cardsShape: z.ZodType<number> = z.number().int().min(0).max(100);

/** @throws LmsError `INPUT_INVALID` */
export function checkCardsPerColumn(cards: number | undefined): number {
  return checkInput(cardsShape, cards ?? 20, 'cardsPerColumn is wrong');
}
