import { expectTypeOf, it } from 'vitest';
import { createTestLms } from './testing/index.js';

/** As `lms schema types` writes it. */
interface Lines {
  'personal-loan': {
    input: { readonly fullName: string; readonly loanAmount?: string | number | { readonly amountPaise: number } };
    values: { readonly fullName?: string; readonly loanAmount?: { readonly amountPaise: number } };
  };
  demat: {
    input: { readonly clientCode: string };
    values: { readonly clientCode?: string };
  };
}

it('types leads by the product line they are made in', async () => {
  await using test = await createTestLms<Lines>();
  const { leads } = test.admin;
  type Created = Awaited<ReturnType<typeof leads.create<'personal-loan'>>>;
  expectTypeOf<Parameters<typeof leads.create<'demat'>>[0]['fields']>().toEqualTypeOf<Lines['demat']['input']>();
  expectTypeOf<Created['values']>().toEqualTypeOf<Lines['personal-loan']['values']>();
  expectTypeOf<Created['productLine']>().toEqualTypeOf<'personal-loan'>();
  type Read = Awaited<ReturnType<typeof leads.get>>;
  expectTypeOf<Extract<Read, { productLine: 'demat' }>['values']>().toEqualTypeOf<Lines['demat']['values']>();
  expectTypeOf<Read['productLine']>().toEqualTypeOf<'personal-loan' | 'demat'>();
  expectTypeOf<{ productLine: 'demat'; fields: { readonly other: string } }>().not.toExtend<
    Parameters<typeof leads.create<'demat'>>[0]
  >();
});
