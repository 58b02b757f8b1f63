import { IntlMessageFormat } from 'intl-messageformat';
import { canonicalTag } from './choose-language.ts';
import { type EmailLayouts, readLayouts } from './email-layout.ts';
import { fitsOneSegment } from './one-segment.ts';
import { type Argument, type LanguageTemplates, languageShape, Message, type Shape } from './template-shape.ts';

/** Everything that is wrong with the templates, of all files at once. */
export class WrongTemplates extends Error {
  override name = 'WrongTemplates';

  constructor(problems: readonly string[]) {
    super(`wrong templates:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

export interface TemplateSet {
  /** By their tag (BCP 47), which is the file's name. */
  languages: ReadonlyMap<string, LanguageTemplates>;
  layouts: EmailLayouts;
}

/** The language that is spoken where nothing else fits. */
export const lastLanguage = 'en';

/** Reads the files of services/delivery/templates, or throws WrongTemplates. */
export function loadTemplates(files: Readonly<Record<string, string>>): TemplateSet {
  const problems: string[] = [];
  const languages = new Map<string, LanguageTemplates>();
  for (const [name, content] of Object.entries(files)) {
    if (!name.endsWith('.json')) continue;
    const tag = name.slice(0, -'.json'.length);
    if (canonicalTag(tag) !== tag) problems.push(`${name}: no language has this tag`);
    else languages.set(tag, new LanguageReader(tag, problems).read(content));
  }
  if (!languages.has(lastLanguage)) problems.push(`${lastLanguage}.json: is missing`);
  const layouts = readLayouts(files, problems);
  for (const name of Object.keys(files)) if (!/\.json$|^layout\.(html|txt)$/.test(name)) problems.push(`${name}: is neither a language nor a layout`);
  if (problems.length > 0) throw new WrongTemplates(problems);
  return { languages, layouts };
}

type Values = Record<string, string | number>;

class LanguageReader {
  private readonly tag: string;
  private readonly problems: string[];

  constructor(tag: string, problems: string[]) {
    this.tag = tag;
    this.problems = problems;
  }

  /** What it returns is good only if it found no problem. */
  read(content: string): LanguageTemplates {
    let json: unknown;
    try {
      json = JSON.parse(content);
    } catch (error) {
      this.complain([], `is not JSON: ${(error as Error).message}`);
    }
    return (json === undefined ? {} : this.readShape(languageShape, json, [])) as LanguageTemplates;
  }

  private readShape(shape: Shape, found: unknown, path: string[]): object {
    if (typeof found !== 'object' || found === null || Array.isArray(found)) return this.complain(path, 'must be an object');
    const entries = found as Record<string, unknown>;
    for (const key of Object.keys(entries)) if (!Object.hasOwn(shape, key)) this.complain([...path, key], 'is unknown');
    return Object.fromEntries(Object.entries(shape).map(([key, part]) => [key, this.readPart(part, entries[key], [...path, key])]));
  }

  private readPart(part: Shape[string], found: unknown, path: string[]): unknown {
    if (found === undefined) return this.complain(path, 'is missing');
    if (part instanceof Message) return this.readMessage(part, found, path);
    if (!isChoice(part)) return this.readShape(part, found, path);
    return part.includes(found as string) ? found : this.complain(path, `must be ${part.join(' or ')}`);
  }

  private readMessage({ takes, isText }: Message, found: unknown, path: string[]): unknown {
    if (typeof found !== 'string' || found.trim() === '') return this.complain(path, 'must be words');
    try {
      const message = new IntlMessageFormat(found, this.tag, undefined, { ignoreTag: true });
      const named = new Map<string, Set<string> | undefined>();
      collectArguments(message.getAst(), named);
      for (const name of Object.keys(takes)) if (!named.has(name)) this.complain(path, `does not use {${name}}`);
      for (const [name, options] of named) this.checkArgument(name, takes[name], options, path);
      if ([...named.keys()].some((name) => !takes[name])) return undefined;
      const format = (values?: Values) => String(message.format(values ?? {}));
      const tried = samples(takes).map(format);
      if (isText && !tried.every(fitsOneSegment)) this.complain(path, 'is too long for one segment of a text message');
      return format;
    } catch (error) {
      return this.complain(path, `is no ICU message: ${(error as Error).message.split('\n')[0]}`);
    }
  }

  private checkArgument(name: string, argument: Argument | undefined, options: Set<string> | undefined, path: string[]): void {
    if (!argument) this.complain(path, `uses {${name}}, which it is not given`);
    else if (isChoice(argument)) for (const option of options ?? []) if (option !== 'other' && !argument.includes(option)) this.complain(path, `{${name}} is never ${option}`);
  }

  private complain(path: string[], problem: string): Record<string, never> {
    this.problems.push(`${this.tag}.json: ${path.length > 0 ? `${path.join('.')} ` : ''}${problem}`);
    return {};
  }
}

const isChoice = (part: unknown): part is readonly string[] => Array.isArray(part);

/** Every argument that a message names, with the options of those that choose its wording. */
function collectArguments(elements: ReturnType<IntlMessageFormat['getAst']>, named: Map<string, Set<string> | undefined>): void {
  for (const element of elements) {
    // Words between arguments (kind 0), and the # of a plural, which has no value.
    if (!('value' in element) || element.type === 0) continue;
    if (!('options' in element)) {
      if (!named.has(element.value)) named.set(element.value, undefined);
      continue;
    }
    const options = named.get(element.value) ?? new Set<string>();
    named.set(element.value, options);
    for (const [option, { value }] of Object.entries(element.options)) {
      if (!('pluralType' in element)) options.add(option);
      collectArguments(value, named);
    }
  }
}

/** Short values of every kind that a message can be given: it is tried with each before anybody waits for it. */
function samples(takes: Message['takes']): Values[] {
  return Object.entries(takes).reduce<Values[]>((made, [name, argument]) => {
    const values = argument === 'words' ? ['x'] : argument === 'number' ? [0, 1, 5] : argument;
    return made.flatMap((sample) => values.map((value) => ({ ...sample, [name]: value })));
  }, [{}]);
}
