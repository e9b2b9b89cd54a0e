import { create, type DescMessage } from '@bufbuild/protobuf';
import { createValidator, Violation } from '@bufbuild/protovalidate';
import { describe, expect, it } from '@jest/globals';
import { LoginRequestSchema, SignupRequestSchema } from '@plataforma/contratos/auth/v1/auth_service_pb';
import { SilencioSchema } from '@plataforma/contratos/notificacoes/v1/preferencias_pb';
import { CriarSerieRequestSchema } from '@plataforma/contratos/reservas/v1/series_service_pb';
import { fieldName, violationText } from './violation-text.ts';

function violations<Desc extends DescMessage>(
  schema: Desc,
  init: Parameters<typeof create<Desc>>[1],
): string[] {
  const result = createValidator().validate(schema, create(schema, init));
  return (result.violations ?? []).map((each) => `${fieldName(each.field)} ${violationText(each)}`);
}

const rule = (ruleId: string, message = '') => violationText(new Violation(message, ruleId, [], [], false));

describe('violationText', () => {
  it('translates the rules of the contracts with their bounds', () => {
    expect(violations(LoginRequestSchema, { email: 'ana', password: '' })).toEqual([
      'email deve ser um e-mail válido',
      'password deve ter no mínimo 1 caractere',
    ]);
    expect(
      violations(SignupRequestSchema, { nome: 'A', email: 'a@b.co', password: 'uma senha longa' }),
    ).toEqual(['nome deve ter no mínimo 2 caracteres']);
  });

  it.each([
    ['required', 'value is required', 'é obrigatório'],
    [
      'int32.gte_lte',
      'must be greater than or equal to 1 and less than or equal to 100',
      'deve estar entre 1 e 100',
    ],
    ['string.max_len', 'must be at most 11 characters', 'deve ter no máximo 11 caracteres'],
    ['repeated.min_items', 'must contain at least 1 item(s)', 'deve ter no mínimo 1 item'],
    ['int64.gt', 'must be greater than -5', 'deve ser maior que -5'],
    ['enum.defined_only', 'must be one of the defined enum values', 'tem um valor não permitido'],
    ['string.uuid', 'must be a valid UUID', 'tem formato inválido'],
  ])('translates %s', (ruleId, message, expected) => {
    expect(rule(ruleId, message)).toBe(expected);
  });

  it('shows the example of the contract for a form', () => {
    expect(violations(SilencioSchema, { inicio: '22h', fim: '7:00' })).toEqual([
      'inicio tem formato inválido (exemplo: 22:00)',
      'fim tem formato inválido (exemplo: 07:00)',
    ]);
    const series = create(CriarSerieRequestSchema, { datasExcluidas: ['31/12/2026'] });
    expect(violations(CriarSerieRequestSchema, series)).toContain(
      'datasExcluidas[0] tem formato inválido (exemplo: 2026-12-31)',
    );
    expect(rule('string.pattern')).toBe('tem formato inválido');
  });

  it('keeps the text of a rule written in a contract', () => {
    expect(rule('periodo.ordem', 'o fim deve vir depois do início')).toBe('o fim deve vir depois do início');
    expect(rule('periodo.ordem')).toBe('é inválido');
  });
});

describe('fieldName', () => {
  it('spells a nested path as JSON does', () => {
    const field = { kind: 'field', jsonName: 'horarios' };
    const path = [field, { kind: 'list_sub', index: 2 }, { kind: 'field', jsonName: 'fechaEm' }];
    expect(fieldName(path as never)).toBe('horarios[2].fechaEm');
    expect(fieldName([])).toBe('');
  });

  it('names what is no field by its own name', () => {
    const path = [
      { kind: 'field', jsonName: 'corpo' },
      { kind: 'oneof', name: 'tipo_de_corpo', jsonName: 'x' },
    ];
    expect(fieldName(path as never)).toBe('corpo.tipo_de_corpo');
    expect(
      fieldName([
        { kind: 'field', jsonName: 'mapa' },
        { kind: 'map_sub', key: 'a' },
      ] as never),
    ).toBe('mapa[a]');
  });
});
