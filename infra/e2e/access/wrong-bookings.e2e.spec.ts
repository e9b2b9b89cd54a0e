import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Code } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { motivoDe } from '@plataforma/runtime/errors';
import type { Customer } from '../platform/platform.ts';
import { TestStack } from '../platform/test-stack.ts';
import { badRequests, hoursFromNow, LEAKS } from './bad-requests.ts';

let platform: TestStack;
let customer: Customer;
let to: ReturnType<typeof badRequests>;

beforeAll(async () => {
  platform = await TestStack.start();
  customer = await platform.newCustomer();
  to = badRequests(platform);
}, 240_000);

afterAll(() => platform?.stop(), 60_000);

describe('a wrong reservation over REST', () => {
  const slot = () => ({
    espacoId: platform.room.id,
    dataInicio: hoursFromNow(48).toISOString(),
    dataFim: hoursFromNow(50).toISOString(),
  });

  it.each<[string, () => string, number, string]>([
    ['malformed JSON', () => '{"espacoId": ', 400, 'CORPO_ILEGIVEL'],
    ['a wrong type', () => JSON.stringify({ ...slot(), espacoId: 7 }), 400, 'REQUISICAO_INVALIDA'],
    ['nothing at all', () => '{}', 400, 'REQUISICAO_INVALIDA'],
    [
      'an unknown space',
      () => JSON.stringify({ ...slot(), espacoId: 'esp_00000000' }),
      404,
      'ESPACO_NAO_ENCONTRADO',
    ],
    [
      'a past date',
      () =>
        JSON.stringify({
          ...slot(),
          dataInicio: hoursFromNow(-4).toISOString(),
          dataFim: hoursFromNow(-2).toISOString(),
        }),
      400,
      'ANTECEDENCIA_MINIMA',
    ],
    [
      'an end before the start',
      () => JSON.stringify({ ...slot(), dataFim: hoursFromNow(47).toISOString() }),
      400,
      'PERIODO_INVALIDO',
    ],
    [
      'a start too far ahead',
      () =>
        JSON.stringify({
          ...slot(),
          dataInicio: hoursFromNow(24 * 200).toISOString(),
          dataFim: hoursFromNow(24 * 200 + 2).toISOString(),
        }),
      400,
      'ANTECEDENCIA_MAXIMA',
    ],
    [
      'an add-on that is not in the catalogue',
      () => JSON.stringify({ ...slot(), extras: [{ codigo: 'PISCINA', quantidade: 1 }] }),
      400,
      'EXTRA_INVALIDO',
    ],
    [
      'half an add-on',
      () => JSON.stringify({ ...slot(), extras: [{ codigo: 'PROJETOR', quantidade: 0.5 }] }),
      400,
      'REQUISICAO_INVALIDA',
    ],
    [
      'more add-ons than 32 bits can count',
      () => JSON.stringify({ ...slot(), extras: [{ codigo: 'PROJETOR', quantidade: 2 ** 32 + 1 }] }),
      400,
      'REQUISICAO_INVALIDA',
    ],
    [
      'a quote nobody gave',
      () => JSON.stringify({ ...slot(), cotacaoId: 'cot_00000000' }),
      400,
      'COTACAO_INVALIDA',
    ],
  ])('is refused with a reason: %s', async (_, body, status, reason) => {
    const before = await to.writtenRows();
    const answer = await to.send('POST', '/api/v1/reservas', { body: body(), token: customer.token });
    expect({ status: answer.status, reason: answer.json?.reason }).toEqual({ status, reason });
    expect(answer.text).not.toMatch(LEAKS);
    expect(await to.writtenRows()).toEqual(before);
  });

  it.each([
    ['is not ASCII', 'chave-é'],
    ['is not ASCII, in the bytes of UTF-8', Buffer.from('chave-🔑').toString('latin1')],
    ['is too long', 'x'.repeat(256)],
    ['holds a blank', 'a b'],
  ])('is refused under an Idempotency-Key that %s', async (_, key) => {
    const before = await to.writtenRows();
    const body = JSON.stringify(slot());
    const answer = await to.send('POST', '/api/v1/reservas', { body, key, token: customer.token });
    expect([answer.status, answer.json?.reason]).toEqual([400, 'REQUISICAO_INVALIDA']);
    expect(await to.writtenRows()).toEqual(before);
  });

  it.each([
    ['an unknown reservation', '/api/v1/reservas/res_00000000', 404, 'RESERVA_NAO_ENCONTRADA'],
    ['an unknown space', '/api/v1/espacos/esp_00000000', 404, 'ESPACO_NAO_ENCONTRADO'],
    ['an unknown payment', '/api/v1/pagamentos/pag_00000000', 404, 'PAGAMENTO_NAO_ENCONTRADO'],
    ['a page nobody gave', '/api/v1/reservas?pageToken=xyz', 400, 'PAGINA_INVALIDA'],
    ['a page too large', '/api/v1/reservas?pageSize=1000', 400, 'REQUISICAO_INVALIDA'],
    ['half a page', '/api/v1/reservas?pageSize=1.5', 400, 'REQUISICAO_INVALIDA'],
    ['a status that there is none of', '/api/v1/reservas?status=PAGA', 400, 'REQUISICAO_INVALIDA'],
    ['nothing for a status', '/api/v1/reservas?status=', 400, 'REQUISICAO_INVALIDA'],
    ['neither true nor false', '/api/v1/espacos?incluirInativos=sim', 400, 'REQUISICAO_INVALIDA'],
  ])('asks for %s', async (_, path, status, reason) => {
    const answer = await to.send('GET', path, { token: customer.token });
    expect({ status: answer.status, reason: answer.json?.reason }).toEqual({ status, reason });
  });

  it('may not be charged or confirmed by the customer', async () => {
    const body = JSON.stringify({
      reservaId: 'res_1',
      clienteId: customer.id,
      valor: { centavos: 1, moeda: 'BRL' },
      descricao: 'x',
      expiraEm: hoursFromNow(1).toISOString(),
    });
    await expect(
      to.send('POST', '/api/v1/pagamentos', { body, token: customer.token }),
    ).resolves.toMatchObject({
      status: 403,
      json: { reason: 'ACESSO_NEGADO' },
    });
    const { code, motivo } = await to
      .grpc((client) =>
        client.confirmarReserva(
          { reservaId: 'res_00000001', pagamentoId: 'pag_00000001' },
          { headers: { authorization: `Bearer ${customer.token}` } },
        ),
      )
      .then((error) => ({ code: error.code, motivo: motivoDe(error) }));
    expect({ code, motivo }).toEqual({ code: Code.PermissionDenied, motivo: 'ACESSO_NEGADO' });
    await expect(
      to.send('POST', '/api/v1/espacos', {
        body: '{"nome":"Minha","tipo":"QUADRA","capacidade":1,"precoPorHora":{"centavos":1,"moeda":"BRL"}}',
        token: customer.token,
      }),
    ).resolves.toMatchObject({ status: 403 });
  });
});

describe('an instant that is none, over REST', () => {
  const inicio = hoursFromNow(48).toISOString();

  // What Kong's own reading of dates would take for an instant, and often for another one.
  it.each([
    '12/10/2026',
    '1796900000',
    '10:00',
    '2026-12',
    '2026-12-10',
    '2026-1-5',
    '2026-W50-4T10:00:00Z',
    '2026-344T10:00:00Z',
    'Dec 15 2026',
    'Tue, 15 Dec 2026 10:00:00 GMT',
    '2026-12-10T10:00:00EST',
    '2026-12-10 1:00 pm',
    '2026-12-10T10:00:00,5Z',
    '2026-12-10T10:00:00',
    '2027-02-30T15:00:00Z',
    '2026-12-10T25:00:00Z',
    '2026-12-10T10:00:60Z',
    'amanhã',
    '',
  ])('is refused with a reason, in a booking, a quote and a search: %j', async (instant) => {
    const body = JSON.stringify({ espacoId: platform.room.id, dataInicio: instant, dataFim: inicio });
    const before = await to.writtenRows();
    const query = `dataInicio=${encodeURIComponent(instant)}&dataFim=${inicio}`;
    const { token } = customer;
    const answers = await Promise.all([
      to.send('POST', '/api/v1/reservas', { body, token }),
      to.send('POST', '/api/v1/reservas/cotacao', { body, token }),
      to.send('GET', `/api/v1/disponibilidade?${query}`, { token }),
      to.send('GET', `/api/v1/extrato?dataInicio=${encodeURIComponent(instant)}`, { token }),
    ]);
    for (const { status, json } of answers) {
      expect({ status, reason: json?.reason }).toEqual({ status: 400, reason: 'REQUISICAO_INVALIDA' });
      expect(json.message).toMatch(/nicio deve ser um instante que existe, em RFC 3339 e com fuso/);
    }
    expect(await to.writtenRows()).toEqual(before);
  });

  it('is understood with the offset of the space', async () => {
    const local = new Date(Date.parse(inicio) - 3 * 3_600_000).toISOString().replace('Z', '-03:00');
    const query = `dataInicio=${encodeURIComponent(local)}&dataFim=${hoursFromNow(50).toISOString()}`;
    const path = `/api/v1/espacos/${platform.room.id}/disponibilidade?${query}`;
    expect(await to.send('GET', path, { token: customer.token })).toMatchObject({ status: 200 });
  });

  it.each([['2027-02-30'], ['2026-13-01'], ['ontem']])(
    'is refused as a local date that is none: %s',
    async (data) => {
      const plan = { espacoId: platform.room.id, duracaoMinutos: 60, rrule: 'FREQ=WEEKLY;COUNT=3' };
      const simulate = (more: object) =>
        to.send('POST', '/api/v1/series/simulacao', {
          body: JSON.stringify({ ...plan, ...more }),
          token: customer.token,
        });
      expect(await simulate({ inicioLocal: `${data}T10:00` })).toMatchObject({ status: 400 });
      const inicioLocal = inicio.slice(0, 16);
      expect(await simulate({ inicioLocal, datasExcluidas: [data] })).toMatchObject({ status: 400 });
      const until = `FREQ=WEEKLY;UNTIL=${data.replaceAll('-', '')}`;
      expect(await simulate({ inicioLocal, rrule: until })).toMatchObject({ status: 400 });
    },
  );
});

describe('a wrong reservation at the gRPC port', () => {
  it.each<[string, () => object, Code, string]>([
    ['nothing at all', () => ({}), Code.InvalidArgument, 'REQUISICAO_INVALIDA'],
    ['an unknown space', () => ({ espacoId: 'esp_00000000' }), Code.NotFound, 'ESPACO_NAO_ENCONTRADO'],
    [
      'an end before the start',
      () => ({ dataFim: timestampFromDate(hoursFromNow(40)) }),
      Code.InvalidArgument,
      'PERIODO_INVALIDO',
    ],
    [
      'a past date',
      () => ({
        dataInicio: timestampFromDate(hoursFromNow(-3)),
        dataFim: timestampFromDate(hoursFromNow(-1)),
      }),
      Code.FailedPrecondition,
      'ANTECEDENCIA_MINIMA',
    ],
  ])('is refused with a reason: %s', async (title, wrong, code, motivo) => {
    const right = {
      espacoId: platform.room.id,
      dataInicio: timestampFromDate(hoursFromNow(48)),
      dataFim: timestampFromDate(hoursFromNow(50)),
    };
    const request = title === 'nothing at all' ? {} : { ...right, ...wrong() };
    const headers = { authorization: `Bearer ${customer.token}` };
    const error = await to.grpc((client) => client.criarReserva(request, { headers }));
    expect({ code: error.code, motivo: motivoDe(error) }).toEqual({ code, motivo });
    expect(error.rawMessage).not.toMatch(LEAKS);
  });
});
