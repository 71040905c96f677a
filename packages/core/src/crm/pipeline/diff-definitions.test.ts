import { describe, expect, it } from 'vitest';
import type { FieldDefinition, ProductLineDefinition } from '../fields/index.js';
import { diffDefinitions } from './diff-definitions.js';
import type { StageDefinition } from './pipeline-section.js';

const amount: FieldDefinition = {
  key: 'loanAmount',
  label: 'Loan amount',
  type: 'money',
  validation: { max: '50 lakh' },
};
const work: FieldDefinition = {
  key: 'employmentType',
  label: 'Employment type',
  type: 'enum',
  options: [
    { value: 'salaried', label: 'Salaried', synonyms: ['Job'] },
    { value: 'self-employed', label: 'Self-employed' },
  ],
};
const city: FieldDefinition = { key: 'city', label: 'City', type: 'text', section: 'Contact' };
const stages: readonly StageDefinition[] = [
  { slug: 'new', name: 'New', next: ['contacted', 'lost'], tasks: [{ slug: 'first-call', name: 'First call' }] },
  { slug: 'contacted', name: 'Contacted', next: ['lost'] },
  { slug: 'lost', name: 'Lost', terminal: 'lost' },
];

function line(
  fields: readonly FieldDefinition[] = [amount, work, city],
  change: Partial<ProductLineDefinition> & { readonly stages?: readonly StageDefinition[] } = {},
): ProductLineDefinition {
  const { stages: own = stages, ...rest } = change;
  return { slug: 'loans', name: 'Loans', fields, pipeline: JSON.parse(JSON.stringify({ stages: own })), ...rest };
}

/** `field Loan amount: maximum: 50 lakh -> 75 lakh`. */
function told(before: ProductLineDefinition | null, after: ProductLineDefinition): readonly string[] {
  return diffDefinitions(before, after).map(({ things, text }) =>
    [...things.map(({ noun, name }) => `${noun} ${name}`), text].join(': '),
  );
}

const changedStage = (slug: string, change: Partial<StageDefinition>): readonly StageDefinition[] =>
  stages.map((stage) => (stage.slug === slug ? { ...stage, ...change } : stage));

describe('the difference between two definitions, in words', () => {
  it.each<[string, ProductLineDefinition, readonly string[]]>([
    ['nothing', line(), []],
    ['another name', line(undefined, { name: 'Personal loans' }), ['renamed "Loans" -> "Personal loans"']],
    [
      'a bound',
      line([{ ...amount, validation: { max: '75 lakh' } }, work, city]),
      ['field Loan amount: maximum: 50 lakh -> 75 lakh'],
    ],
    [
      'a rule that goes',
      line([{ key: 'loanAmount', label: 'Loan amount', type: 'money' }, work, city]),
      ['field Loan amount: maximum: 50 lakh -> none'],
    ],
    ['a required field', line([amount, work, { ...city, required: true }]), ['field City: now required']],
    ['a retired field', line([amount, work, { ...city, retired: true }]), ['field City: retired']],
    [
      'a new field',
      line([amount, work, city, { key: 'pan', label: 'PAN', type: 'pan', required: true }]),
      ['field PAN: new, pan, required'],
    ],
    ['a field that goes', line([amount, work]), ['field City: removed']],
    ['a field elsewhere', line([city, amount, work]), ['order of fields: City now first']],
    [
      'an option by another name and a new one',
      line([
        amount,
        {
          ...work,
          options: [
            { value: 'salaried', label: 'Employed', synonyms: ['Job', 'Service'] },
            { value: 'self-employed', label: 'Self-employed' },
            { value: 'student', label: 'Student' },
          ],
        },
        city,
      ]),
      [
        'field Employment type: option Employed: renamed "Salaried" -> "Employed"',
        'field Employment type: option Employed: synonyms: added "Service"',
        'field Employment type: option Student: new',
      ],
    ],
    [
      'roles, rules and lists',
      line(undefined, {
        roles: { amount: 'loanAmount' },
        index: ['city'],
        unique: [{ scope: 'line', fields: ['city'], while: 'open' }],
      }),
      [
        'role amount: none -> loanAmount',
        'unique rule city: new, city once in the line, while open',
        'fields that lists filter by: added "city"',
      ],
    ],
    [
      'a stage',
      line(undefined, {
        stages: changedStage('contacted', { name: 'Spoken to', next: ['new', 'lost'], colour: '#0EA5E9' }),
      }),
      [
        'stage Spoken to: renamed "Contacted" -> "Spoken to"',
        'stage Spoken to: colour: #64748b -> #0ea5e9',
        'stage Spoken to: stages that may follow: added "new"',
      ],
    ],
    [
      'a retired stage',
      line(undefined, { stages: changedStage('contacted', { active: false }) }),
      ['stage Contacted: retired'],
    ],
    [
      'a task of a stage',
      line(undefined, {
        stages: changedStage('new', { tasks: [{ slug: 'first-call', name: 'First call', required: true }] }),
      }),
      ['stage New: task First call: now required'],
    ],
    [
      'the order of stages',
      line(undefined, { stages: stages.toReversed() }),
      ['order of stages: Lost now first; Contacted now after Lost'],
    ],
    [
      'the same order said in numbers',
      line(undefined, { stages: stages.toReversed().map((stage, place) => ({ ...stage, order: 3 - place })) }),
      [],
    ],
    ['what a file leaves unsaid, said', line(undefined, { roles: {}, unique: [], index: [], searchable: [] }), []],
  ])('%s', (_what, after, expected) => {
    expect(told(line(), after)).toEqual(expected);
  });

  it('of a line that is not there yet: everything is new', () => {
    expect(told(null, line())).toEqual([
      'field Loan amount: new, money',
      'field Employment type: new, enum',
      'field City: new, text, in section Contact',
      'stage New: new',
      'stage Contacted: new',
      'stage Lost: new, decides the lead: lost',
    ]);
  });

  it('names the place in the newer file, in the older for what is gone', () => {
    const after = line([work, { ...amount, validation: { max: '75 lakh' } }]);
    expect(diffDefinitions(line(), after)).toEqual([
      expect.objectContaining({
        kind: 'changed',
        path: 'fields[1].validation.max',
        before: '50 lakh',
        after: '75 lakh',
      }),
      expect.objectContaining({ kind: 'removed', path: 'fields[2]', after: null }),
      expect.objectContaining({ kind: 'moved', path: 'fields', after: ['employmentType', 'loanAmount'] }),
    ]);
    const numbered = stages.map((stage, place) => ({ ...stage, order: 3 - place }));
    const [change] = diffDefinitions(
      line(undefined, { stages: numbered }),
      line(undefined, {
        stages: numbered.map((stage) => (stage.slug === 'lost' ? { ...stage, name: 'Gone' } : stage)),
      }),
    );
    expect(change).toMatchObject({ path: 'pipeline.stages[2].name', text: 'renamed "Lost" -> "Gone"' });
  });

  it('refuses a pipeline that is none', () => {
    expect(() => diffDefinitions(line(), { ...line(), pipeline: { stages: 'all' } })).toThrow(/pipeline\.stages/);
  });
});
