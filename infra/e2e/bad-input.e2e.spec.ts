import { createHmac, generateKeyPairSync } from 'node:crypto';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ReservasService } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { motivoDe } from '@plataforma/runtime/errors';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import jwt from 'jsonwebtoken';
import Stripe from 'stripe';
import { type Customer, TestStack } from './test-stack.ts';

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
  options: { body?: string; token?: string | undefined } = {},
) {
  const response = await fetch(platform.edgeUrl + path, {
    method,
    headers: {
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
    },
    ...(options.body === undefined ? {} : { body: options.body }),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  return { status: response.status, text, json: text.startsWith('{') ? JSON.parse(text) : undefined };
}

/** Rows of each table, and their versions: a changed row is another one. Only the relay changes rows of the outbox. */
const ROWS = `
  select table_name as tabela, query_to_xml(format('select count(*) as linhas, sum(%s) as versoes from %I',
      case table_name when 'outbox' then '0' else 'xmin::text::bigint' end, table_name), false, true, '')::text as linhas
  from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`;

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
    ['a text that is no instant', () => JSON.stringify({ ...slot(), dataInicio: 'amanhã' }), 400, undefined],
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
