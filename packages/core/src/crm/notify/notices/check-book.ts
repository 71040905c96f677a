import { LmsError, type Problem } from '../../../foundation/kernel/index.js';
import { defaultLanguages, type NoticeBook, type NoticeRule, type NoticeTemplate, templateFor } from './notice-book.js';
import { everyVariable, variablesOf } from './notice-events.js';
import { hasStrayBraces, placeholdersOf } from './template-text.js';

/** The purpose of what advertises. */
const marketing = 'marketing';

/** @throws LmsError `INPUT_INVALID` with everything that is wrong between the parts of a book */
export function checkBook(book: NoticeBook, purposes: ReadonlySet<string>): void {
  const problems = [
    ...book.templates.flatMap((template, at) => templateProblems(book, template, at)),
    ...book.rules.flatMap((rule, at) => ruleProblems(book, rule, { at, purposes })),
    ...quietProblems(book, purposes),
  ];
  if (problems.length > 0) throw LmsError.ofProblems('INPUT_INVALID', 'the notices cannot be published', problems);
}

function templateProblems({ templates }: NoticeBook, template: NoticeTemplate, at: number): readonly Problem[] {
  const path = `templates.${at}`;
  const problems: Problem[] = [];
  const isSame = (other: NoticeTemplate): boolean =>
    other.name === template.name &&
    other.channel === template.channel &&
    other.language.toLowerCase() === template.language.toLowerCase();
  if (templates.findIndex(isSame) !== at) {
    problems.push({
      path,
      rule: 'twice',
      message: `there are two templates ${template.name} for ${template.channel} in ${template.language}`,
    });
  }
  for (const [part, text] of textsOf(template)) {
    if (hasStrayBraces(text)) {
      problems.push({ path: `${path}.${part}`, rule: 'braces', message: 'has {{ or }} that belong to no variable' });
    }
    for (const { name, fallback } of placeholdersOf(text)) {
      if (template.channel === 'in-app' && fallback === null && everyVariable.get(name)?.mayBeMissing === true) {
        const message = `needs what stands there where there is none, as in {{${name}|...}}: it is read when nobody can mend it`;
        problems.push({ path: `${path}.${part}`, rule: 'fallback', message });
      }
      if (everyVariable.has(name)) continue;
      const known = [...everyVariable.keys()].join(', ');
      problems.push({
        path: `${path}.${part}`,
        rule: 'unknown-variable',
        message: `there is no {{${name}}}; there are ${known}`,
      });
    }
  }
  return problems;
}

function ruleProblems(
  book: NoticeBook,
  rule: NoticeRule,
  { at, purposes }: { readonly at: number; readonly purposes: ReadonlySet<string> },
): readonly Problem[] {
  const path = `rules.${at}`;
  const problems: Problem[] = [];
  const wrong = (part: string, kind: string, message: string): void => {
    problems.push({ path: `${path}.${part}`, rule: kind, message });
  };
  if (book.rules.findIndex(({ name }) => name === rule.name) !== at)
    wrong('name', 'twice', 'another rule has this name');
  if (new Set(rule.channels).size !== rule.channels.length) wrong('channels', 'twice', 'names a channel twice');
  if (rule.stages !== undefined && rule.event !== 'lead.stage_changed') {
    wrong('stages', 'of-moves', 'only moves (lead.stage_changed) go into a stage');
  }
  if (rule.to.kind !== 'person') {
    if (rule.purpose !== undefined) wrong('purpose', 'of-persons', "only the lead's person consents");
    if (rule.languageField !== undefined)
      wrong('languageField', 'of-persons', "it is the language of the lead's person");
  }
  if (rule.purpose !== undefined && !purposes.has(rule.purpose)) {
    wrong('purpose', 'unknown-purpose', `there is no such purpose; there are ${[...purposes].join(', ')}`);
  }
  if (rule.urgent === true && rule.purpose === marketing) {
    wrong('urgent', 'of-marketing', 'what advertises waits for the end of quiet hours');
  }
  problems.push(...recipientProblems(rule, path));
  const known = variablesOf(rule.event);
  for (const channel of rule.channels) {
    if (templateFor(book, rule, { channel, wanted: null }) === undefined) {
      const languages = (rule.languages ?? defaultLanguages).join(', ');
      wrong('template', 'missing-template', `there is no template ${rule.template} for ${channel} in ${languages}`);
    }
  }
  for (const template of book.templates) {
    if (template.name !== rule.template || !rule.channels.includes(template.channel)) continue;
    for (const name of new Set(
      textsOf(template).flatMap(([, text]) => placeholdersOf(text).map((each) => each.name)),
    )) {
      if (known.has(name) || !everyVariable.has(name)) continue;
      wrong('template', 'unknown-variable', `${rule.event} knows no {{${name}}}, which ${template.name} has`);
    }
  }
  return problems;
}

function quietProblems({ quietHours = [] }: NoticeBook, purposes: ReadonlySet<string>): readonly Problem[] {
  return quietHours.flatMap(({ channel, purpose }, at): readonly Problem[] => {
    const path = `quietHours.${at}`;
    if (purpose !== undefined && !purposes.has(purpose)) {
      const message = `there is no such purpose; there are ${[...purposes].join(', ')}`;
      return [{ path: `${path}.purpose`, rule: 'unknown-purpose', message }];
    }
    if (quietHours.findIndex((each) => each.channel === channel && each.purpose === purpose) === at) return [];
    return [
      { path, rule: 'twice', message: `there are two for ${channel}${purpose === undefined ? '' : ` and ${purpose}`}` },
    ];
  });
}

function recipientProblems({ to, channels, event, mandatory }: NoticeRule, path: string): readonly Problem[] {
  const problem = (message: string): readonly Problem[] => [{ path: `${path}.to`, rule: 'address', message }];
  if (to.kind === 'owner' && event === 'lead.unassigned') return problem('nobody has the lead then');
  if (to.kind === 'person' && event === 'lead.deleted')
    return problem('nobody is told of a lead of theirs that is deleted');
  if (to.kind === 'person' || to.kind === 'address') {
    if (channels.includes('in-app')) return problem('only users have an inbox');
    if (mandatory === true) return problem('only users have preferences');
  }
  if (to.kind === 'address') {
    if (channels.includes('email') && to.email === undefined) return problem('has no email to send to');
    if (channels.includes('sms') && to.phone === undefined) return problem('has no phone to send to');
    return [];
  }
  if (to.kind !== 'person' && channels.includes('sms')) {
    return problem('users have no phone: tell them by email or in-app');
  }
  return [];
}

/** The texts of a template, each with the name of its part. */
function textsOf(template: NoticeTemplate): readonly (readonly [string, string])[] {
  if (template.channel === 'sms') return [['text', template.text]];
  if (template.channel === 'in-app') {
    return [
      ['title', template.title],
      ['text', template.text],
    ];
  }
  const { subject, text, html } = template;
  return [['subject', subject], ['text', text], ...(html === undefined ? [] : [['html', html] as const])];
}
