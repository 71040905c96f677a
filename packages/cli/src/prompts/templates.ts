import { definitionJsonSchema } from '@lms/core';

/** The product lines that lms brings along, by slug: those of `examples/product-lines`. */
export const templates: Readonly<Record<string, Template>> = {
  'personal-loan': {
    name: 'Personal loan',
    load: async () => (await import('../../../../examples/product-lines/personal-loan.yaml')).default,
  },
  insurance: {
    name: 'Insurance',
    load: async () => (await import('../../../../examples/product-lines/insurance.yaml')).default,
  },
  demat: {
    name: 'Demat account',
    load: async () => (await import('../../../../examples/product-lines/demat.yaml')).default,
  },
};

interface Template {
  readonly name: string;
  load(): Promise<string>;
}

/** What makes a template one's own: the definition, and the JSON Schema with which editors complete it, by file name. */
export async function templateFiles(slug: string, template: Template): Promise<Readonly<Record<string, string>>> {
  const text = (await template.load()).replace(/^# yaml-language-server:.*\n/, '');
  return {
    'product-line.schema.json': `${JSON.stringify(definitionJsonSchema(), null, 2)}\n`,
    [`${slug}.yaml`]: `# yaml-language-server: $schema=./product-line.schema.json\n${text}`,
  };
}
