import { create, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import {
  DescriptorProtoSchema,
  FileDescriptorProtoSchema,
  TimestampSchema,
  timestampFromMs,
} from '@bufbuild/protobuf/wkt';
import type { ConnectError } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { LoginRequestSchema } from '@plataforma/contratos/auth/v1/auth_service_pb';
import { EspacoDisponivelSchema } from '@plataforma/contratos/reservas/v1/disponibilidade_service_pb';
import { CriarEspacoRequestSchema } from '@plataforma/contratos/reservas/v1/espacos_service_pb';
import { ReservaSchema } from '@plataforma/contratos/reservas/v1/reserva_pb';
import {
  CotarReservaRequestSchema,
  ListarReservasResponseSchema,
} from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { checkMessage } from './check-message.ts';

function checked<Desc extends DescMessage>(schema: Desc, init: MessageInitShape<Desc>) {
  const message = create(schema, init);
  try {
    checkMessage(schema, message);
    return { message, error: '' };
  } catch (error) {
    return { message, error: (error as ConnectError).rawMessage };
  }
}

describe('a decoded request', () => {
  it('has the texts of people in their form, those inside lists too', () => {
    const extras = [{ nome: '  Café \u00a0 da manhã' }, { nome: 'Projetor\u200b' }];
    const { message } = checked(CriarEspacoRequestSchema, { nome: ' Sala  Ipê ', extras });
    expect([message.nome, ...message.extras.map(({ nome }) => nome)]).toEqual([
      'Sala Ipê',
      'Café da manhã',
      'Projetor',
    ]);
  });

  it.each([
    [
      'of a list',
      CriarEspacoRequestSchema,
      { nome: 'Sala', extras: [{ nome: 'a' }, { nome: '\u202ea' }] },
      'extras[1].nome',
    ],
    [
      'of a list in a message',
      EspacoDisponivelSchema,
      { espaco: { extras: [{ nome: 'a' }, { nome: '\u202ea' }] } },
      'espaco.extras[1].nome',
    ],
  ] as const)('is told which item %s is wrong', (_, schema, init, place) => {
    expect(checked<DescMessage>(schema, init).error).toContain(`${place} não pode ter caracteres que mudam`);
  });

  it('has addresses of mail with the domain in ASCII, and none that cannot be', () => {
    const login = (email: string) => checked(LoginRequestSchema, { email, password: 'x' });
    expect(login('Ana@Exämple.com').message.email).toBe('Ana@xn--exmple-cua.com');
    expect(login('Ana@Exemplo.com').message.email).toBe('Ana@Exemplo.com');
    expect(login(' \tAna@Exemplo.com\n').message.email).toBe('Ana@Exemplo.com');
    for (const email of [
      'anã@exemplo.com',
      'ana@exämple.com/b',
      'ana@exämple.com.',
      `ana@${'é'.repeat(64)}.com`,
    ])
      expect(login(email).error).toContain('email');
  });

  it('keeps the rules of its contract', () => {
    expect(checked(CriarEspacoRequestSchema, {}).error).toContain('nome deve ter no mínimo');
  });

  it('has no character that no database stores, and tells ten places where there is one', () => {
    const error = (init: MessageInitShape<typeof FileDescriptorProtoSchema>) =>
      checked(FileDescriptorProtoSchema, init).error;
    expect(error({ name: 'a\0' })).toBe('Requisição inválida: name: o caractere U+0000 não é permitido.');
    const everywhere = error({ dependency: Array.from({ length: 12 }, () => '\0') });
    expect(everywhere.match(/dependency\[\d+\]/g)).toHaveLength(10);
  });

  it.each([
    ['in year 10000', { seconds: 253_402_300_800n }],
    ['of less than no time', { nanos: -1 }],
  ])('has no instant %s, not in a message of a list either', (_, instant) => {
    const wrong = create(TimestampSchema, instant);
    expect(checked(ReservaSchema, { criadoEm: wrong }).error).toContain('criadoEm deve ser um instante');
    const inside = { reservas: [{}, { criadoEm: wrong }] };
    expect(checked(ListarReservasResponseSchema, inside).error).toContain('reservas[1].criadoEm deve ser');
  });

  it('is not nested deeper than any contract', () => {
    const nested = (levels: number): MessageInitShape<typeof DescriptorProtoSchema> =>
      levels === 0 ? {} : { nestedType: [nested(levels - 1)] };
    expect(checked(DescriptorProtoSchema, nested(8)).error).toBe('');
    expect(checked(DescriptorProtoSchema, nested(9)).error).toContain('tem níveis demais');
  });

  it('has instants of whole milliseconds', () => {
    const dataInicio = { ...timestampFromMs(1_900_000_000_000), nanos: 999_999_999 };
    const { message } = checked(CotarReservaRequestSchema, {
      espacoId: 'esp_1',
      dataInicio,
      dataFim: timestampFromMs(1_900_003_600_000),
    });
    expect(message.dataInicio?.nanos).toBe(999_000_000);
  });
});
