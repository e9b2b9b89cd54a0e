import { Code } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ReservasService } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { answerJson, refusal, ScriptedPlatform } from '../test/scripted-platform.ts';
import type { ErroDaPlataforma } from './erro.ts';
import { Plataforma, type PlataformaOptions } from './plataforma.ts';

type Answer = () => { id: string };

let platform: ScriptedPlatform;
/** What the service does with one call after the other; then it answers. */
let script: Answer[];

const reserva: Answer = () => ({ id: 'res_1' });

beforeAll(async () => {
  platform = await ScriptedPlatform.start((router) =>
    router.service(ReservasService, {
      criarReserva: () => (script.shift() ?? reserva)(),
      obterReserva: () => (script.shift() ?? reserva)(),
    }),
  );
});
beforeEach(() => {
  script = [];
  platform.reset();
});
afterAll(() => platform.stop());

const refuse =
  (...refused: Parameters<typeof refusal>): Answer =>
  () => {
    throw refusal(...refused);
  };
const calls = (options: Partial<PlataformaOptions> = {}) =>
  new Plataforma({ url: platform.url, ...options }).client(ReservasService);
const failure = (call: Promise<unknown>): Promise<ErroDaPlataforma> =>
  call.then(Promise.reject, (error) => error);
const sent = (name: string) => platform.seen.map(({ headers }) => headers[name]);

describe('a refusal', () => {
  it('tells code, reason, facts and request id, and is final', async () => {
    script = [refuse(Code.AlreadyExists, 'ESPACO_INDISPONIVEL')];
    const error = await failure(calls().criarReserva({ espacoId: 'esp_1' }));
    expect(error).toMatchObject({
      name: 'ErroDaPlataforma',
      message: 'Este horário não está livre.',
      code: 'already_exists',
      reason: 'ESPACO_INDISPONIVEL',
      requestId: sent('x-request-id')[0],
      details: { alternativas: [{ dataInicio: '2027-03-02T15:00:00Z' }] },
      retryAfterSeconds: undefined,
    });
    expect(platform.seen).toHaveLength(1);
  });

  it('of the gateway alone has no reason', async () => {
    platform.gateway = (_request, response) =>
      answerJson(response, 403, { message: 'Forbidden' }, { 'x-request-id': 'do-gateway' });
    expect(await failure(calls().obterReserva({ reservaId: 'res_1' }))).toMatchObject({
      code: 'permission_denied',
      reason: undefined,
      requestId: 'do-gateway',
      message: 'Forbidden',
    });
  });

  it('of many requests is final when it does not say when to come back', async () => {
    script = [refuse(Code.ResourceExhausted, 'MENSAGEM_GRANDE_DEMAIS')];
    expect((await failure(calls().criarReserva({}))).code).toBe('resource_exhausted');
    expect(platform.seen).toHaveLength(1);
  });

  it('that wants to wait for longer than there is time is told at once', async () => {
    script = [refuse(Code.ResourceExhausted, 'MUITAS_TENTATIVAS', { 'retry-after': '60' })];
    const error = await failure(calls().criarReserva({}));
    expect(error).toMatchObject({ reason: 'MUITAS_TENTATIVAS', retryAfterSeconds: 60 });
    expect(platform.seen).toHaveLength(1);
  });
});

describe('a call that changes something', () => {
  it('is repeated under one key and one request id while the service is away', async () => {
    script = [
      refuse(Code.Unavailable, 'SERVICO_INDISPONIVEL'),
      refuse(Code.DeadlineExceeded, 'PRAZO_ESGOTADO'),
    ];
    expect((await calls().criarReserva({ espacoId: 'esp_1' })).id).toBe('res_1');
    expect(platform.seen).toHaveLength(3);
    for (const header of ['idempotency-key', 'x-request-id']) {
      expect(new Set(sent(header)).size).toBe(1);
      expect(sent(header)[0]).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('has another key than the next one, and that of its caller where there is one', async () => {
    const reservas = calls();
    await reservas.criarReserva({});
    await reservas.criarReserva({});
    await reservas.criarReserva({}, { headers: { 'idempotency-key': 'ana-1' } });
    const [first, second, third] = sent('idempotency-key');
    expect(first).not.toBe(second);
    expect(third).toBe('ana-1');
  });

  it('waits for its own first attempt, which is still at work', async () => {
    script = [refuse(Code.Aborted, 'REQUISICAO_EM_ANDAMENTO', { 'retry-after': '0' })];
    expect((await calls().criarReserva({})).id).toBe('res_1');
  });

  it('is not repeated when somebody else was quicker', async () => {
    script = [refuse(Code.Aborted, 'CONFLITO_CONCORRENCIA')];
    expect((await failure(calls().criarReserva({}))).reason).toBe('CONFLITO_CONCORRENCIA');
    expect(platform.seen).toHaveLength(1);
  });

  it('comes back as late as it was told', async () => {
    platform.gateway = (_request, response) =>
      platform.seen.length === 1 && answerJson(response, 429, {}, { 'retry-after': '1' });
    const start = performance.now();
    expect((await calls().criarReserva({})).id).toBe('res_1');
    expect(performance.now() - start).toBeGreaterThan(999);
  });
});

describe('a call that only reads', () => {
  it('has no key', async () => {
    await calls().obterReserva({ reservaId: 'res_1' });
    expect(sent('idempotency-key')).toEqual([undefined]);
  });

  it('is repeated when the connection breaks, also in the middle of the answer', async () => {
    platform.gateway = (request, response) => {
      if (platform.seen.length === 1) request.socket.destroy();
      else if (platform.seen.length === 2) {
        response
          .writeHead(200, { 'content-type': 'application/proto', 'content-length': '100' })
          .write('meia');
        setTimeout(() => response.destroy(), 20);
      } else return false;
      return true;
    };
    expect((await calls().obterReserva({ reservaId: 'res_1' })).id).toBe('res_1');
    expect(platform.seen).toHaveLength(3);
  });

  it('ends after the attempts that it has', async () => {
    platform.gateway = (_request, response) => answerJson(response, 503, { message: 'fora' });
    const error = await failure(calls({ attempts: 2 }).obterReserva({ reservaId: 'res_1' }));
    expect(error).toMatchObject({ code: 'unavailable', message: 'fora' });
    expect(platform.seen).toHaveLength(2);
  });

  it('ends when its time is up, whatever is still on the way', async () => {
    platform.gateway = () => true;
    const start = performance.now();
    const error = await failure(calls().obterReserva({ reservaId: 'res_1' }, { timeoutMs: 150 }));
    expect(error.code).toBe('deadline_exceeded');
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it('ends when its caller gives up, and is not made again', async () => {
    const given = new AbortController();
    platform.gateway = () => {
      given.abort();
      return true;
    };
    const error = await failure(calls().obterReserva({ reservaId: 'res_1' }, { signal: given.signal }));
    expect(error.code).toBe('canceled');
    expect(platform.seen).toHaveLength(1);
  });

  it('tells of a network that is not there, with an id that was sent', async () => {
    const nowhere = new Plataforma({ url: 'http://127.0.0.1:1', attempts: 2 }).client(ReservasService);
    const error = await failure(nowhere.obterReserva({ reservaId: 'res_1' }));
    expect(error).toMatchObject({ code: 'unavailable', reason: undefined });
    expect(error.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });
});
