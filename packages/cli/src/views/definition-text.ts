import { Document, isMap, isNode, isPair, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';

/** What stands above each part of a file. */
const explanations: Readonly<Record<string, string>> = {
  roles: 'Which fields are the name, phone, email, amount and region of a lead.',
  unique: 'What at most one lead may hold; "while: open" gives it back when the lead is won or lost.',
  index: 'By these fields lists filter and sort; at most 12.',
  searchable: 'Long texts that are kept in the clear, so that they can be searched.',
  fields: 'Keys never change. A published field is not removed but retired: "retired: true".',
  pipeline:
    'The first stage in use is where leads begin; "next" says where they may go. A stage is retired: "active: false".',
};

const widest = 120;
const shortest = 100;

/**
 * A definition as a YAML file that a person edits, and that publishes to the same. What goes without saying is left out:
 * the order of stages and tasks is that of the file.
 * @param definition of a line, or a draft of one
 * @param schema where editors find the JSON Schema of the file
 */
export function definitionText(definition: unknown, schema?: string): string {
  const document = new Document(withoutTheObvious(definition));
  if (schema !== undefined) document.commentBefore = ` yaml-language-server: $schema=${schema}`;
  if (isMap(document.contents)) explain(document.contents);
  return document.toString({ lineWidth: widest, flowCollectionPadding: true });
}

function withoutTheObvious(definition: unknown): unknown {
  return JSON.parse(JSON.stringify(definition), (key, value: unknown) =>
    key === 'stages' && Array.isArray(value) ? value.map(plainStage) : value,
  );
}

interface OrderedThing extends Readonly<Record<string, unknown>> {
  readonly order?: unknown;
}

function plainStage(stage: OrderedThing): object {
  const { tasks } = stage;
  const own = without(stage, { active: true, terminal: null, next: [], tasks: [] });
  return Array.isArray(tasks) && tasks.length > 0
    ? { ...own, tasks: tasks.map((task: OrderedThing) => without(task, { required: false, fields: [] })) }
    : own;
}

/** The thing without its order and without what is the same when it is absent. */
function without(thing: OrderedThing, absent: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(thing).filter(
      ([key, value]) =>
        key !== 'order' && !(Object.hasOwn(absent, key) && JSON.stringify(value) === JSON.stringify(absent[key])),
    ),
  );
}

function explain(line: YAMLMap): void {
  for (const pair of line.items) {
    const key = keyOf(pair);
    const explanation = explanations[key];
    if (explanation !== undefined && isNode(pair.key)) {
      pair.key.spaceBefore = true;
      pair.key.commentBefore = ` ${explanation}`;
    }
    if (key === 'fields' && isSeq(pair.value)) headSections(pair.value.items);
    shortInOneLine(pair.value);
  }
}

/** Puts the heading of each section above its first field. */
function headSections(fields: readonly unknown[]): void {
  let current = '';
  for (const [place, field] of fields.entries()) {
    const section = isMap(field) ? String(field.get('section') ?? '') : '';
    if (isMap(field) && section !== current) {
      field.spaceBefore = place > 0;
      field.commentBefore = section === '' ? ' Without a section' : ` ${section.replace(/\s+/g, ' ')}`;
    }
    current = section;
  }
}

/** Lists and objects that fit on a line stand on one; fields, stages and tasks do not. */
function shortInOneLine(node: unknown): void {
  if (!isMap(node) && !isSeq(node)) return;
  const isThing = isMap(node) && (node.has('type') || node.has('slug'));
  const holdsThings = isSeq(node) && node.items.some((item) => isMap(item) && (item.has('type') || item.has('slug')));
  if (!isThing && !holdsThings && JSON.stringify(node).length <= shortest && !hasComment(node)) {
    node.flow = true;
    return;
  }
  for (const item of node.items) shortInOneLine(isPair(item) ? item.value : item);
}

function hasComment(node: Node): boolean {
  return (node.commentBefore ?? '') !== '';
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : '';
}
