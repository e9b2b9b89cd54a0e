import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type DescField,
  type DescMessage,
  type DescService,
  getOption,
  hasOption,
  ScalarType,
} from '@bufbuild/protobuf';
import { type FieldRules, field as ruled } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import { describe, expect, it } from '@jest/globals';
import { TextoHumano, texto } from '@plataforma/contratos/comum/v1/texto_pb';

const ROOT = join(import.meta.dirname, '../../../..');
const CONTRACTS = join(ROOT, 'gen/src');

/** Texts of machines by name: identities, secrets, tokens, and what is checked by reading it. */
const OF_MACHINES =
  /(_id|_token|password|codigo|code|state|etag|rrule|fuso_horario|segredo|resposta|servico|audiencia|inicio_local|espacos_geridos|posicao|paths)$/;

async function requestFields(): Promise<{ name: string; field: DescField; rules: FieldRules | undefined }[]> {
  const files = readdirSync(CONTRACTS, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /^(auth|reservas|pagamentos|notificacoes)\/v1\/\w+_service_pb\.ts$/.test(name),
  );
  const modules = await Promise.all(files.map((name) => import(join(CONTRACTS, name))));
  const services = modules.flatMap((module) => Object.values<DescService>(module));
  const seen = new Set<DescMessage>();
  const visit = (message: DescMessage): DescField[] => {
    if (seen.has(message)) return [];
    seen.add(message);
    return message.fields.flatMap((field) => (field.message ? visit(field.message) : [field]));
  };
  const fields = services
    .filter(({ kind }) => kind === 'service')
    .flatMap(({ methods }) => methods.flatMap(({ input }) => visit(input)));
  return fields
    .filter(({ scalar }) => scalar === ScalarType.STRING)
    .map((field) => ({
      name: `${field.parent.typeName}.${field.name}`,
      field,
      rules: hasOption(field, ruled) ? getOption(field, ruled) : undefined,
    }));
}

const kindOf = (field: DescField) =>
  hasOption(field, texto) ? getOption(field, texto) : TextoHumano.UNSPECIFIED;

/** Whether the contract says which characters there may be. */
function hasForm(rules: FieldRules | undefined): boolean {
  const { case: kind, value } = rules?.type ?? { case: undefined };
  if (kind === 'repeated') return hasForm(value.items);
  return (
    kind === 'string' && (value.pattern !== '' || value.in.length > 0 || value.wellKnown.case !== undefined)
  );
}

describe('every text of a request', () => {
  it('is one of people, has a form of its own, or belongs to machines', async () => {
    const fields = await requestFields();
    expect(fields.length).toBeGreaterThan(80);
    const unknown = fields.filter(
      ({ field, rules }) =>
        kindOf(field) === TextoHumano.UNSPECIFIED && !hasForm(rules) && !OF_MACHINES.test(field.name),
    );
    expect(unknown.map(({ name }) => name)).toEqual([]);
  });

  it('of people is in the table of the business rules, with its lengths', async () => {
    const page = readFileSync(join(ROOT, 'docs/business-rules/texto.md'), 'utf8');
    const rows = (await requestFields())
      .filter(({ field }) => kindOf(field) !== TextoHumano.UNSPECIFIED)
      .map(({ name, field, rules }) => {
        const bounds = rules?.type.case === 'string' ? rules.type.value : undefined;
        const lines = kindOf(field) === TextoHumano.LINHAS ? 'lines' : 'one line';
        return `| \`${name}\` | ${lines} | ${bounds?.minLen ?? 0n} to ${bounds?.maxLen} |`;
      });
    expect(rows.filter((row) => !page.includes(row))).toEqual([]);
    expect(page.match(/^\| `\w+\.v1\./gm)).toHaveLength(rows.length);
  });
});
