import { getOption, hasOption } from '@bufbuild/protobuf';
import type { Path } from '@bufbuild/protobuf/reflect';
import type { Violation } from '@bufbuild/protovalidate';
import { field as ruled } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import { namedBy } from './field-mask.ts';

/** `<type of rule>.<rule>`: what protovalidate itself names; any other id is a rule written in a contract. */
const STANDARD_RULE =
  /^(?:string|bytes|bool|enum|repeated|map|timestamp|duration|any|field_mask|float|double|s?fixed(?:32|64)|[su]?int(?:32|64))\.(\w+)$/;

/** `{0}` and `{1}` are the bounds, in the order in which the library's own message gives them. */
const TEXTS: Readonly<Record<string, string>> = {
  len: 'deve ter exatamente {0} caracteres',
  min_len: 'deve ter no mínimo {0} caracteres',
  max_len: 'deve ter no máximo {0} caracteres',
  min_bytes: 'deve ter no mínimo {0} bytes',
  max_bytes: 'deve ter no máximo {0} bytes',
  min_items: 'deve ter no mínimo {0} itens',
  max_items: 'deve ter no máximo {0} itens',
  unique: 'não pode ter itens repetidos',
  email: 'deve ser um e-mail válido',
  email_empty: 'deve ser um e-mail válido',
  gt: 'deve ser maior que {0}',
  gte: 'deve ser maior ou igual a {0}',
  lt: 'deve ser menor que {0}',
  lte: 'deve ser menor ou igual a {0}',
  gt_lt: 'deve ser maior que {0} e menor que {1}',
  gt_lte: 'deve ser maior que {0} e no máximo {1}',
  gte_lt: 'deve ser no mínimo {0} e menor que {1}',
  gte_lte: 'deve estar entre {0} e {1}',
  gt_now: 'deve estar no futuro',
  lt_now: 'deve estar no passado',
  in: 'tem um valor não permitido',
  not_in: 'tem um valor não permitido',
  const: 'tem um valor não permitido',
  defined_only: 'tem um valor não permitido',
  pattern: 'tem formato inválido',
};

const NUMBER = /-?\d+(?:\.\d+)?/g;

/** The broken rule in Portuguese: the text of the contract if the rule has one, a translation otherwise. */
export function violationText({ ruleId, message, field }: Violation): string {
  if (ruleId === 'required' || ruleId.endsWith('_empty_required')) return 'é obrigatório';
  if (ruleId === 'field_mask.in') return `só pode nomear ${namesFor(field).join(', ')}`;
  const rule = STANDARD_RULE.exec(ruleId)?.[1];
  if (rule === undefined) return message === '' ? 'é inválido' : message;
  const bounds = message.match(NUMBER) ?? [];
  if (rule === 'pattern') return `${TEXTS.pattern}${exampleOf(field)}`;
  const text = TEXTS[rule] ?? 'tem formato inválido';
  return text
    .replace(/\{(\d)\}/g, (_, index) => bounds[Number(index)] ?? '?')
    .replace(/\b1 (caractere|byte)s\b/, '1 $1')
    .replace(/\b1 itens\b/, '1 item');
}

function namesFor(path: Path): string[] {
  const mask = path.findLast((element) => element.kind === 'field');
  return mask ? namedBy(mask).map(({ jsonName }) => jsonName) : [];
}

/** What the contract gives as an example of the field's form, which says more than a regular expression. */
function exampleOf(path: Path): string {
  const desc = path.findLast((element) => element.kind === 'field');
  const ofField = desc !== undefined && hasOption(desc, ruled) ? getOption(desc, ruled).type : undefined;
  const rules = ofField?.case === 'repeated' ? ofField.value.items?.type : ofField;
  const example = rules?.case === 'string' ? rules.value.example[0] : undefined;
  return example === undefined ? '' : ` (exemplo: ${example})`;
}

/** Path of a field as REST and Connect JSON spell it: `periodos[0].abertura`. Empty for the message itself. */
export function fieldName(path: Path): string {
  let name = '';
  for (const element of path) {
    if (element.kind === 'list_sub') name += `[${element.index}]`;
    else if (element.kind === 'map_sub') name += `[${String(element.key)}]`;
    else name += `${name === '' ? '' : '.'}${element.kind === 'field' ? element.jsonName : element.name}`;
  }
  return name;
}
