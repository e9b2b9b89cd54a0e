import { create, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { ConnectError } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import {
  AtualizarEspacoRequestSchema,
  CriarEspacoRequestSchema,
} from '@plataforma/contratos/reservas/v1/espacos_service_pb';
import { CotarReservaRequestSchema } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
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
      AtualizarEspacoRequestSchema,
      { extras: { itens: [{ nome: 'a' }, { nome: '\u202ea' }] } },
      'extras.itens[1].nome',
    ],
  ] as const)('is told which item %s is wrong', (_, schema, init, place) => {
    expect(checked<DescMessage>(schema, init).error).toContain(`${place} não pode ter caracteres que mudam`);
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
