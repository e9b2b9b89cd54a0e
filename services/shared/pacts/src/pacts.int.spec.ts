import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Code } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ServiceTokensService } from '@plataforma/contratos/auth/v1/service_tokens_service_pb';
import {
  type EstornoConcluido,
  EstornoConcluidoSchema,
} from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import { eventHeaders, on } from '@plataforma/runtime/event-message';
import { createServiceTokens } from '@plataforma/runtime/service-token';
import { ConsumerPact, EXACT } from './consumer-pact.ts';
import { type Provider, verifyPacts } from './provider.ts';

/* A shop that hears of payments and asks for tokens: what its pact says, and that no provider passes that breaks it. */

const schema = EstornoConcluidoSchema;
const { issueServiceToken: method } = ServiceTokensService.method;
const TYPE = schema.typeName;
const TOKENS = '/auth.v1.ServiceTokensService/IssueServiceToken';

let pact: ConsumerPact;
let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plataforma-pacts-'));
  file = join(folder, 'loja-provedor.json');
  pact = await ConsumerPact.between('loja', 'provedor');
});

afterAll(async () => {
  await pact?.close();
  await rm(folder, { recursive: true, force: true });
});

const loja = (hear: (event: EstornoConcluido) => unknown) => ({
  ...{ stream: 'PROVEDOR', durable: 'loja-pagamentos', filter: '>' },
  on: [on(schema, async (event) => void hear(event))],
});

/** The shop asks for a token, by the client that services have. */
async function token(authAddress: string) {
  const tokens = createServiceTokens({ authAddress, servico: 'loja', segredo: 's' });
  try {
    return await tokens.tokenFor('pagamentos');
  } catch (error) {
    return (error as { code: Code }).code;
  } finally {
    tokens.close();
  }
}

describe('the pact of a consumer', () => {
  const needs = { pagamentoId: 'pag_1', valor: { centavos: 1n } };

  it('asks for what its handler looks at, flags that are not set left out', async () => {
    const consumer = loja(({ pagamentoId, valor, excedente }) => [pagamentoId, valor?.centavos, excedente]);
    expect(pact.missing([consumer])).toEqual([`${TYPE} for loja-pagamentos`]);
    expect(await pact.hears(consumer, { schema, needs })).toEqual(EXACT);
    expect(pact.missing([consumer])).toEqual([]);
  });

  it.each<[string, (event: EstornoConcluido) => unknown, object, object]>([
    [
      'looks at more',
      ({ valor, reservaId }) => [valor?.centavos, valor?.moeda, reservaId],
      {},
      { readUnasked: ['reservaId', 'valor.moeda'], askedUnread: ['pagamentoId'] },
    ],
    [
      'can do without more',
      ({ pagamentoId, valor, reservaId }) => [pagamentoId, valor?.centavos, reservaId],
      { mayLack: ['reservaId'] },
      EXACT,
    ],
    [
      'looks at nothing',
      () => 0,
      {},
      { readUnasked: [], askedUnread: ['pagamentoId', 'valor', 'valor.centavos'] },
    ],
  ])('is no good for one that %s', async (_, hear, more, difference) => {
    const other = await ConsumerPact.between('outra', 'provedor');
    expect(await other.hears(loja(hear), { schema, needs, ...more })).toEqual(difference);
    await other.close();
  });

  it('is about an event of a kind that its consumer hears', async () => {
    const consumer = { ...loja(() => 0), on: [] };
    await expect(pact.hears(consumer, { schema, needs })).rejects.toThrow('loja-pagamentos does not hear');
  });

  it('says what a call sends, and how it may be answered', async () => {
    const request = { servico: 'loja', segredo: 'segredo', audiencia: 'pagamentos' };
    const answer = { accessToken: 'eyJ', expiresIn: 300 };
    expect(await pact.calls({ method, given: 'the shop is known', request, answer }, token)).toBe('eyJ');
    const refusal = { code: Code.Unauthenticated, status: 401 };
    expect(await pact.calls({ method, given: 'nobody is known', request, answer: refusal }, token)).toBe(
      refusal.code,
    );
  });

  it('is not made by a call that sends something else', async () => {
    const request = { servico: 'loja', audiencia: 'pagamentos' };
    const call = pact.calls({ method, given: 'x', request, answer: {} }, token);
    await expect(call).rejects.toThrow('segredo');
  });
});

describe('a provider', () => {
  let server: Server;
  let known: boolean;
  let answer: object;

  beforeAll(async () => {
    await writeFile(file, await pact.text());
    server = createServer((request, response) => {
      const right = request.url === TOKENS && request.method === 'POST';
      response.writeHead(right && known ? 200 : 401, { 'content-type': 'application/json' });
      response.end(JSON.stringify(known ? answer : { code: 'unauthenticated', message: 'Desconhecido.' }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterAll(() => void server?.close());

  const event = { pagamentoId: 'pag_2', valor: { centavos: '12', moeda: 'BRL' }, reservaId: 'res_1' };
  const headers = eventHeaders({
    ...{ id: 'evt_1', assunto: TYPE, agregado: { tipo: 'pagamento', id: 'pag_2', versao: 3 } },
    ...{ criadoEm: new Date(), cabecalhos: {} },
  });
  const right = { accessToken: 'eyK', tokenType: 'Bearer', expiresIn: 60 };

  /** Whether it keeps the pact, and else why not. */
  async function verdict(changes: {
    answer?: object;
    event?: object;
    headers?: object;
    provider?: Partial<Provider>;
  }) {
    answer = changes.answer ?? right;
    const state = (value: boolean) => async () => {
      known = value;
      return {};
    };
    const kept = verifyPacts({
      ...{
        name: 'provedor',
        pacts: [file],
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      },
      states: { 'the shop is known': state(true), 'nobody is known': state(false) },
      events: [
        {
          subject: TYPE,
          headers: { ...headers, ...changes.headers },
          payload: JSON.stringify(changes.event ?? event),
        },
      ],
      ...changes.provider,
    });
    return kept.then(
      () => 'kept',
      ({ message }: Error) => message,
    );
  }

  it('keeps a pact whatever else it says', async () => {
    expect(await verdict({})).toBe('kept');
  });

  const { pagamentoId: _, ...withoutId } = event;

  it.each<[string, Parameters<typeof verdict>[0], RegExp]>([
    ['leaves a field of an event out', { event: withoutId }, /pagamentoId/],
    ['does not say of which version an event is', { headers: { 'agregado-versao': '' } }, /agregado-versao/],
    [
      'publishes no such event',
      { provider: { events: [] } },
      /no pagamentos.v1.EstornoConcluido .* was published/,
    ],
    ['leaves a field of an answer out', { answer: { accessToken: 'eyK' } }, /expiresIn/],
    [
      'does not know a state',
      { provider: { states: {} } },
      /nobody knows how it comes that the shop is known/,
    ],
    ['has nothing to keep', { provider: { pacts: [] } }, /nobody has a pact with provedor/],
  ])('breaks it when it %s', async (_, changes, reason) => {
    const said = await verdict(changes);
    expect(said).not.toBe('kept');
    expect(said).toMatch(reason);
  });
});
