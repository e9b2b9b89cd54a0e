import { parseSync } from '@swc/core';

/** A test as its source names it: the titles around it and its own, joined as jest joins them. */
export interface SpecTitle {
  /** Placeholders of `each` (`%s`, `$name`) and of template literals (as `%s`) stand as they are. */
  readonly title: string;
  /** Whether it, or what is around it, is told not to run or to be content with a failure. */
  readonly skipped: boolean;
}

type Node = Readonly<Record<string, unknown>>;

const BLOCKS = ['describe', 'fdescribe', 'xdescribe'];
const TESTS = ['it', 'test', 'fit', 'xit', 'xtest'];
const NOT_RUN = ['xdescribe', 'xit', 'xtest', 'skip', 'todo', 'failing'];

/**
 * The tests of a spec file by its syntax tree, so that one in a comment or a text is none. What only a run could tell
 * (`(condition ? it : it.skip)(...)`, a title from a variable) is not found: it shows nothing that could be relied on.
 */
export function specTitles(source: string): SpecTitle[] {
  const { body } = parseSync(source, { syntax: 'typescript', target: 'es2024' });
  return collect(body, { title: '', skipped: false });
}

function collect(value: unknown, around: SpecTitle): SpecTitle[] {
  if (Array.isArray(value)) return value.flatMap((item) => collect(item, around));
  if (typeof value !== 'object' || value === null) return [];
  const node = value as Node;
  const named = node.type === 'CallExpression' ? namedCall(node) : undefined;
  if (!named) return collect(Object.values(node), around);
  const inside = {
    title: [around.title, named.title].filter((part) => part !== '').join(' '),
    skipped: around.skipped || named.words.some((word) => NOT_RUN.includes(word)),
  };
  return TESTS.includes(named.words[0] as string) ? [inside] : collect(node.arguments, inside);
}

/** The words of what is called (`it`, `each`) and the title, when it is a block or a test with a title. */
function namedCall({ callee, arguments: args }: Node): { words: string[]; title: string } | undefined {
  const words = wordsOf(callee as Node);
  const [first] = args as { expression: Node }[];
  const title = first && textOf(first.expression);
  const known = [...BLOCKS, ...TESTS].includes(words[0] as string);
  return known && title !== undefined ? { words, title } : undefined;
}

function wordsOf(callee: Node): string[] {
  switch (callee.type) {
    case 'Identifier':
      return [callee.value as string];
    case 'MemberExpression':
      return [...wordsOf(callee.object as Node), (callee.property as Node).value as string];
    case 'CallExpression':
      return wordsOf(callee.callee as Node);
    case 'TaggedTemplateExpression':
      return wordsOf(callee.tag as Node);
    default:
      return [];
  }
}

function textOf(expression: Node): string | undefined {
  if (expression.type === 'StringLiteral') return expression.value as string;
  if (expression.type !== 'TemplateLiteral') return undefined;
  return (expression.quasis as { cooked: string }[]).map(({ cooked }) => cooked).join('%s');
}

const PLACEHOLDER = /%[psdifjoO#$c]|\$[\w.]+/;

export function hasPlaceholder(title: string): boolean {
  return PLACEHOLDER.test(title);
}

/** Whether a title of a run, or the very text of the source, comes of this title of a source. */
export function comesOf(title: string, ofSource: string): boolean {
  if (title === ofSource) return true;
  const texts = ofSource.split(PLACEHOLDER).map((text) => text.replaceAll('%%', '%'));
  return new RegExp(`^${texts.map(escaped).join('.+?')}$`, 's').test(title);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
