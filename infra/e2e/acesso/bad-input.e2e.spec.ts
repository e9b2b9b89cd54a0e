import { createHmac, generateKeyPairSync } from 'node:crypto';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ReservasService } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { motivoDe } from '@plataforma/runtime/errors';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import jwt from 'jsonwebtoken';
import Stripe from 'stripe';
import type { Customer } from '../platform/platform.ts';
import { TestStack } from '../platform/test-stack.ts';

let platform: TestStack;
let customer: Customer;

beforeAll(async () => {
  platform = await TestStack.start();
  customer = await platform.newCustomer();
}, 60_000);

afterAll(() => platform?.stop());

const hoursFromNow = (hours: number) => {
  const instant = new Date(Date.now() + hours * 3_600_000);
  instant.setUTCMinutes(0, 0, 0);
  return instant;
};

async function send(
  method: string,
  path: string,
  options: { body?: string; token?: string | undefined; key?: string } = {},
) {
  const response = await fetch(platform.edgeUrl + path, {
    method,
    headers: {
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      ...(options.key === undefined ? {} : { 'idempotency-key': options.key }),
    },
    ...(options.body === undefined ? {} : { body: options.body }),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  return { status: response.status, text, json: text.startsWith('{') ? JSON.parse(text) : undefined };
}

/**
 * Rows of each table, and their versions: a changed row is another one. Only the relay changes rows of the outbox, and
 * how far numbers have been given out is known in blocks, whatever becomes of the number.
 */
const ROWS = `
  select table_name as tabela, query_to_xml(format('select count(*) as linhas, sum(%s) as versoes from %I',
      case table_name when 'outbox' then '0' else 'xmin::text::bigint' end, table_name), false, true, '')::text as linhas
  from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'limites_de_ids'
  order by 1`;

/** Everything that a refused request must not have changed. */
async function writtenRows(): Promise<unknown> {
  return {
    reservas: await platform.query('reservas', ROWS),
    pagamentos: await platform.query('pagamentos', ROWS),
  };
}

const leaks = /stack|at \/|node_modules|select |insert |postgres|ECONN|typeorm/i;

describe('a wrong reservation over REST', () => {
  const slot = () => ({
    espacoId: platform.room.id,
    dataInicio: hoursFromNow(48).toISOString(),
    dataFim: hoursFromNow(50).toISOString(),
  });

  it.each<[string, () => string, number, string | undefined]>([
    ['malformed JSON', () => '{"espacoId": ', 400, undefined],
    ['a wrong type', () => JSON.stringify({ ...slot(), espacoId: 7 }), 400, undefined],
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
      'a quote nobody gave',
      () => JSON.stringify({ ...slot(), cotacaoId: 'cot_00000000' }),
      400,
      'COTACAO_INVALIDA',
    ],
  ])('is refused with a reason: %s', async (_, body, status, reason) => {
    const before = await writtenRows();
    const answer = await send('POST', '/api/v1/reservas', { body: body(), token: customer.token });
    expect({ status: answer.status, reason: answer.json?.reason }).toEqual({ status, reason });
    expect(answer.text).not.toMatch(leaks);
    expect(await writtenRows()).toEqual(before);
  });

  it.each([
    ['is not ASCII', 'chave-é'],
    ['is not ASCII, in the bytes of UTF-8', Buffer.from('chave-🔑').toString('latin1')],
    ['is too long', 'x'.repeat(256)],
    ['holds a blank', 'a b'],
  ])('is refused under an Idempotency-Key that %s', async (_, key) => {
    const before = await writtenRows();
    const body = JSON.stringify(slot());
    const answer = await send('POST', '/api/v1/reservas', { body, key, token: customer.token });
    expect([answer.status, answer.json?.reason]).toEqual([400, 'REQUISICAO_INVALIDA']);
    expect(await writtenRows()).toEqual(before);
  });

  it.each([
    ['an unknown reservation', '/api/v1/reservas/res_00000000', 404, 'RESERVA_NAO_ENCONTRADA'],
    ['an unknown space', '/api/v1/espacos/esp_00000000', 404, 'ESPACO_NAO_ENCONTRADO'],
    ['an unknown payment', '/api/v1/pagamentos/pag_00000000', 404, 'PAGAMENTO_NAO_ENCONTRADO'],
    ['a page nobody gave', '/api/v1/reservas?pageToken=xyz', 400, 'PAGINA_INVALIDA'],
    ['a page too large', '/api/v1/reservas?pageSize=1000', 400, 'REQUISICAO_INVALIDA'],
  ])('asks for %s', async (_, path, status, reason) => {
    const answer = await send('GET', path, { token: customer.token });
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
    await expect(send('POST', '/api/v1/pagamentos', { body, token: customer.token })).resolves.toMatchObject({
      status: 403,
      json: { reason: 'ACESSO_NEGADO' },
    });
    const { code, motivo } = await grpc((client) =>
      client.confirmarReserva(
        { reservaId: 'res_00000001', pagamentoId: 'pag_00000001' },
        { headers: { authorization: `Bearer ${customer.token}` } },
      ),
    ).then((error) => ({ code: error.code, motivo: motivoDe(error) }));
    expect({ code, motivo }).toEqual({ code: Code.PermissionDenied, motivo: 'ACESSO_NEGADO' });
    await expect(
      send('POST', '/api/v1/espacos', {
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
    const before = await writtenRows();
    const query = `inicio=${encodeURIComponent(instant)}&fim=${inicio}`;
    const { token } = customer;
    const answers = await Promise.all([
      send('POST', '/api/v1/reservas', { body, token }),
      send('POST', '/api/v1/reservas/cotacao', { body, token }),
      send('GET', `/api/v1/disponibilidade?${query}`, { token }),
      send('GET', `/api/v1/extrato?periodoInicio=${encodeURIComponent(instant)}`, { token }),
    ]);
    for (const { status, json } of answers) {
      expect({ status, reason: json?.reason }).toEqual({ status: 400, reason: 'REQUISICAO_INVALIDA' });
      expect(json.message).toMatch(/nicio deve ser um instante que existe, em RFC 3339 e com fuso/);
    }
    expect(await writtenRows()).toEqual(before);
  });

  it('is understood with the offset of the space', async () => {
    const local = new Date(Date.parse(inicio) - 3 * 3_600_000).toISOString().replace('Z', '-03:00');
    const query = `inicio=${encodeURIComponent(local)}&fim=${hoursFromNow(50).toISOString()}`;
    const path = `/api/v1/espacos/${platform.room.id}/disponibilidade?${query}`;
    expect(await send('GET', path, { token: customer.token })).toMatchObject({ status: 200 });
  });

  it.each([['2027-02-30'], ['2026-13-01'], ['ontem']])(
    'is refused as a local date that is none: %s',
    async (data) => {
      const plan = { espacoId: platform.room.id, duracaoMinutos: 60, rrule: 'FREQ=WEEKLY;COUNT=3' };
      const simulate = (more: object) =>
        send('POST', '/api/v1/series/simulacao', {
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

describe('a request that asks for too much work', () => {
  const many = <T>(items: number, item: T): T[] => Array.from({ length: items }, () => item);

  /** CPU that a service has spent so far, in milliseconds: of itself, however busy the machine is. */
  const cpuOf = async (port: number) => {
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    return Number(/^process_cpu_seconds_total\S* (\S+)$/m.exec(metrics)?.[1]) * 1000;
  };
  const TIMES = 10;
  const ALLOWED_MS = 50;

  it.each<[string, string, () => object]>([
    [
      'a quote with 100,000 empty add-ons',
      '/api/v1/reservas/cotacao',
      () => ({ espacoId: platform.room.id, extras: many(100_000, {}) }),
    ],
    [
      'a quote with 30,000 empty add-ons',
      '/api/v1/reservas/cotacao',
      () => ({ espacoId: platform.room.id, extras: many(30_000, {}) }),
    ],
    [
      'a series without 70,000 dates',
      '/api/v1/series/simulacao',
      () => ({ espacoId: platform.room.id, datasExcluidas: many(70_000, '2027-01-01') }),
    ],
    [
      'a quote with everything wrong that fits',
      '/api/v1/reservas/cotacao',
      () => ({ espacoId: 'x'.repeat(160), extras: many(50, {}) }),
    ],
  ])('is refused with a reason, at little cost: %s', async (_, path, body) => {
    const port = platform.stack.ports.RESERVAS_HTTP_PORT;
    const text = JSON.stringify(body());
    const ask = () => send('POST', path, { body: text, token: customer.token });
    await ask();
    const before = await cpuOf(port);
    for (let i = 0; i < TIMES; i += 1)
      expect(await ask()).toMatchObject({ status: 400, json: { reason: 'REQUISICAO_INVALIDA' } });
    expect((await cpuOf(port)) - before).toBeLessThan(TIMES * ALLOWED_MS);
  });

  it('is refused at little cost: 1 MiB of unknown fields to a public call', async () => {
    const port = platform.stack.ports.AUTH_HTTP_PORT;
    const bytes = Buffer.alloc(1024 * 1024, Buffer.from([0xb8, 0x3e, 0x01]));
    const ask = () =>
      fetch(`http://127.0.0.1:${port}/auth.v1.AuthService/Refresh`, {
        method: 'POST',
        headers: { 'content-type': 'application/proto' },
        body: bytes,
      });
    await ask();
    const before = await cpuOf(port);
    for (let i = 0; i < TIMES; i += 1) {
      const response = await ask();
      expect([response.status, response.headers.get('x-erro-codigo')]).toEqual([400, 'REQUISICAO_INVALIDA']);
    }
    expect((await cpuOf(port)) - before).toBeLessThan(TIMES * ALLOWED_MS);
  });
});

describe('a token that is not ours', () => {
  const forged = () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const { header, payload } = jwt.decode(customer.token, { complete: true }) as jwt.Jwt;
    return jwt.sign(payload as object, privateKey, {
      algorithm: 'RS256',
      header: { ...header, alg: 'RS256' },
    });
  };
  const unsigned = () => {
    const [, payload] = customer.token.split('.');
    return `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${payload}.`;
  };
  const cases: Array<[string, () => string | undefined]> = [
    ['missing', () => undefined],
    ['garbage', () => 'abc'],
    ['signed with another key', forged],
    ['unsigned', unsigned],
  ];

  it.each(cases)('is refused at the edge: %s', async (_, token) => {
    const answer = await send('GET', '/api/v1/reservas', { token: token() });
    expect(answer.status).toBe(401);
    expect(answer.text).not.toMatch(leaks);
  });

  it.each(cases)('is refused at the gRPC port as well: %s', async (_, token) => {
    const value = token();
    const error = await grpc((client) =>
      client.listarReservas(
        {},
        { headers: new Headers(value ? { authorization: `Bearer ${value}` } : undefined) },
      ),
    );
    expect({ code: error.code, motivo: motivoDe(error) }).toEqual({
      code: Code.Unauthenticated,
      motivo: value === undefined ? 'NAO_AUTENTICADO' : 'TOKEN_INVALIDO',
    });
  });
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
    const error = await grpc((client) => client.criarReserva(request, { headers }));
    expect({ code: error.code, motivo: motivoDe(error) }).toEqual({ code, motivo });
    expect(error.rawMessage).not.toMatch(leaks);
  });
});

describe('a webhook that Stripe did not send', () => {
  const payload = JSON.stringify({
    id: 'evt_forged',
    object: 'event',
    type: 'checkout.session.completed',
    data: { object: { id: 'cs_1', object: 'checkout.session' } },
  });
  const sign = (secret: string, timestamp: number) =>
    Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
  const now = () => Math.floor(Date.now() / 1000);

  it.each<[string, () => string | undefined]>([
    ['without a signature', () => undefined],
    ['with a signature by another secret', () => sign('whsec_another_secret_entirely', now())],
    ['with an old time stamp', () => sign(platform.stack.secrets.webhookSecret, now() - 3_600)],
    ['with a time stamp in the future', () => sign(platform.stack.secrets.webhookSecret, now() + 3_600)],
    [
      'with a signature for another body',
      () =>
        `t=${now()},v1=${createHmac('sha256', platform.stack.secrets.webhookSecret).update(`${now()}.{}`).digest('hex')}`,
    ],
  ])('is refused %s, and nothing is written', async (_, signature) => {
    const before = await writtenRows();
    const value = signature();
    const response = await fetch(`${platform.edgeUrl}/api/v1/webhooks/stripe`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(value === undefined ? {} : { 'stripe-signature': value }),
      },
      body: payload,
    });
    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({
      code: 'invalid_argument',
      reason: 'ASSINATURA_INVALIDA',
    });
    expect(await writtenRows()).toEqual(before);
  });
});

type Client = ReturnType<typeof createGrpcClient<typeof ReservasService>>;

async function grpc(call: (client: Client) => Promise<unknown>): Promise<ConnectError> {
  const address = `127.0.0.1:${platform.stack.ports.RESERVAS_GRPC_PORT}`;
  const client = createGrpcClient(ReservasService, { address, timeoutMs: 10_000 });
  try {
    return await call(client).then(
      () => {
        throw new Error('the call was expected to fail');
      },
      (reason: unknown) => ConnectError.from(reason),
    );
  } finally {
    client.close();
  }
}
