import type { NewLead, ProductLineDefinition } from '../index.js';

/** A small product line, `test-line`, that can be published as it is; `changes` replace whole sections. */
export function testLine(changes: Partial<ProductLineDefinition> = {}): ProductLineDefinition {
  return {
    slug: 'test-line',
    name: 'Test line',
    roles: { name: 'fullName', phone: 'mobile', amount: 'amount' },
    fields: [
      { key: 'fullName', label: 'Full name', type: 'text', required: true },
      { key: 'mobile', label: 'Mobile', type: 'phone', required: true },
      { key: 'amount', label: 'Amount', type: 'money' },
    ],
    pipeline: {
      stages: [
        { slug: 'new', name: 'New', next: ['contacted', 'lost'] },
        { slug: 'contacted', name: 'Contacted', next: ['won', 'lost'] },
        { slug: 'won', name: 'Won', terminal: 'won' },
        { slug: 'lost', name: 'Lost', terminal: 'lost', next: ['new'] },
      ],
    },
    ...changes,
  };
}

let made = 0;

/** A lead for {@link testLine}, its phone given to no other lead of this process; `fields` replace or add values. */
export function testLead(fields: Readonly<Record<string, unknown>> = {}): NewLead {
  made += 1;
  const own = { fullName: `Test Person ${made}`, mobile: String(9_100_000_000 + made), amount: '1 lakh' };
  return { productLine: 'test-line', fields: { ...own, ...fields } };
}
