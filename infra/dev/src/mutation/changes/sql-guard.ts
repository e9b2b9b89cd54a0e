import type { NodeMutator } from './node-mutator.ts';

/** Changes what a statement guards, wherever a text is SQL or a script for Redis. */
export const sqlGuard: NodeMutator = {
  name: 'SqlGuard',
  *mutate({ node, parent }) {
    if (node.type === 'StringLiteral' && parent?.type !== 'ImportDeclaration') {
      for (const value of changes(node.value)) yield { type: 'StringLiteral', value } as never;
    }
    if (node.type !== 'TemplateLiteral') return;
    for (const [n, quasi] of node.quasis.entries()) {
      const context = node.quasis.map(({ value }) => value.raw).join(' ');
      for (const raw of changes(quasi.value.raw, { context, last: quasi.tail })) {
        const changed = { ...quasi, value: { raw, cooked: raw } };
        yield {
          type: 'TemplateLiteral',
          expressions: node.expressions,
          quasis: node.quasis.with(n, changed),
        } as never;
      }
    }
  },
};

const SQL =
  /\bselect\b[\s\S]*\bfrom\b|\bselect pg_|\binsert into\b|\bupdate \w+( \w+)? set\b|\bdelete from\b|\bfor (no key )?update\b|\border by\b|\bwhere \S+ (=|<|>|is|in)|\block table\b|\bon conflict\b|\band \S+ (=|<=?|>=?|<>|is) /;
const LUA = /\bredis\.call\(/;
const ISOLATION = /^(SERIALIZABLE|REPEATABLE READ)$/;

/**
 * Every text that differs from this one by a guard.
 *
 * @param context the whole statement, when the text is a part of it; `last`: nothing follows the part.
 */
export function* changes(text: string, { context = text, last = true } = {}): Generator<string> {
  if (ISOLATION.test(text)) yield 'READ COMMITTED';
  const rules = LUA.test(context) ? LUA_RULES : SQL.test(context) ? SQL_RULES : [];
  for (const [pattern, replace] of rules) {
    for (const match of text.matchAll(pattern)) {
      const end = match.index + match[0].length;
      // What an interpolation goes on with is not known.
      if (!last && text.slice(end).trim() === '') continue;
      yield text.slice(0, match.index) + replace(match) + text.slice(end);
    }
  }
}

type Rule = readonly [pattern: RegExp, replace: (match: RegExpMatchArray) => string];

const PARENTHESES = String.raw`\((?:[^()]|\([^()]*\))*\)`;
const OPERAND = String.raw`(?:\$\d+|'[^']*'|[\w.]+(?:${PARENTHESES})?)(?:::\w+(?:\[\])?)?`;
const FOLLOWS = String.raw`(?=\s*(?:\)|$|;|\b(?:and|or|order|group|limit|for|returning|union|on|then|window)\b))`;
const COMPARISON = `${OPERAND} (?:=|<>|<=|>=|<|>) ${OPERAND}`;
const TEST = `(?:not )?(?:${OPERAND} is (?:not )?null|(?!conflict)${OPERAND})`;

const SQL_RULES: readonly Rule[] = [
  // A condition that always holds keeps its parameters, or PostgreSQL would refuse the statement.
  [
    regexp(`\\b(where|and|on|when) (${COMPARISON})${FOLLOWS}`),
    ([, word, test]) => `${word} (${test} or true)`,
  ],
  [regexp(`\\b(where|and|on|when) (${TEST})${FOLLOWS}`), ([, word, test]) => `${word} (${test} or true)`],
  [regexp(`\\bor (${COMPARISON}|${TEST})${FOLLOWS}`), ([, test]) => `or (${test} and false)`],
  [/ (<|>)(=?) /g, ([, sign, equal]) => ` ${sign}${equal ? '' : '='} `],
  [/\s+for (?:no key )?(?:update|share)(?: of \w+)?(?: skip locked| nowait)?/g, () => ''],
  [/ skip locked/g, () => ''],
  [/ nowait/g, () => ''],
  [/\bpg_advisory_xact_lock/g, () => 'pg_try_advisory_xact_lock'],
  [/\bpg_advisory_lock/g, () => 'pg_try_advisory_lock'],
  [/\bin [a-z ]+ mode\b/g, () => 'in access share mode'],
  [
    /\border by ([\w.]+)( desc)?(?= *(?:,|\n|\)|$| limit| for))/g,
    ([, key, desc]) => `order by ${key}${desc ? '' : ' desc'}`,
  ],
  [/\blimit (\$\d+|\d+)/g, ([, limit]) => `limit 10 * ${limit}`],
  [/\bon conflict(?: \([^)]*\))?(?: where [^\n]*?)? do nothing/g, () => ''],
  [/\bselect distinct\b(?: on \([^)]*\))?/g, () => 'select'],
  [/\bnot exists\b/g, () => 'exists'],
  [/\bgreatest\(/g, () => 'least('],
  [/\bleast\(/g, () => 'greatest('],
  [/\binterval '(\d+) /g, ([, amount]) => `interval '${amount}0 `],
];

const LUA_RULES: readonly Rule[] = [
  [/ (<|>)(=?) /g, ([, sign, equal]) => ` ${sign}${equal ? '' : '='} `],
  [/ == /g, () => ' ~= '],
  [/ ~= /g, () => ' == '],
  [/ and /g, () => ' or '],
  [/(?<=\n[ \t]*)redis\.call\([^\n]*\)(?=\n|$)/g, () => ''],
];

function regexp(source: string): RegExp {
  return new RegExp(source, 'g');
}
