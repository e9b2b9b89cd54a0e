import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { paginate } from '@plataforma/cliente/paginate';
import { Plataforma } from '@plataforma/cliente/plataforma';
import { login, type Session } from '@plataforma/cliente/session';
import { verifyWebhook } from '@plataforma/cliente/webhook';
import { TipoDeAssinatura, TipoDeEvento } from '@plataforma/contratos/notificacoes/v1/webhook_pb';
import { WebhooksService } from '@plataforma/contratos/notificacoes/v1/webhooks_service_pb';
import { StatusReserva } from '@plataforma/contratos/reservas/v1/reserva_pb';
import { ReservasService } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { ADMIN_EMAIL } from '@plataforma/dev/stack/service-env';
import { eventually } from '@plataforma/testing/eventually';
import { type Customer, PASSWORD, type Platform } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const README = readFileSync(new URL('../../../services/shared/cliente/README.md', import.meta.url), 'utf8');

let platform: Platform;
let visitante: Plataforma;
let customer: Customer;

beforeAll(async () => {
  platform = await sharedPlatform();
  visitante = new Plataforma({ url: platform.edgeUrl });
  customer = await platform.newCustomer();
}, 240_000);

describe('the client', () => {
  it('books and cancels as its README shows', async () => {
    const story = /```ts\n(\/\/ reservar\.ts\n[\s\S]*?)```/.exec(README)?.[1] ?? '';
    const { espacoId, dataInicio } = platform.nextSlot();
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--conditions=source', '--input-type=module-typescript', '--eval', story],
      {
        cwd: HERE,
        env: {
          ...{ API: platform.edgeUrl, EMAIL: customer.email, SENHA: PASSWORD },
          ...{ ESPACO: espacoId, INICIO: dataInicio },
        },
      },
    );
    expect(stdout).toMatch(
      /^Sala Ipê\nalready_exists .*\npay at http:\/\/127\.0\.0\.1:\d+\/c\/pay\/\S+\ntrue\n$/,
    );
  });

  it('sees the refusal of a service, and its request id, through the gateway', async () => {
    const ana = visitante.as(await login(visitante, { email: customer.email, password: PASSWORD }));
    const call = ana.client(ReservasService).obterReserva({ reservaId: 'res_naoexiste' });
    await expect(call).rejects.toMatchObject({
      name: 'ErroDaPlataforma',
      code: 'not_found',
      reason: 'RESERVA_NAO_ENCONTRADA',
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it('makes one booking when the answer of the first attempt was lost', async () => {
    const session = await login(visitante, { email: customer.email, password: PASSWORD });
    let attempts = 0;
    const lossy: typeof fetch = async (...call) => {
      const answer = await fetch(...call);
      attempts += 1;
      if (attempts === 1) throw new TypeError('fetch failed');
      return answer;
    };
    const reservas = new Plataforma({ url: platform.edgeUrl, fetch: lossy }, session).client(ReservasService);
    const { espacoId, dataInicio, dataFim } = platform.nextSlot();
    const { id } = await reservas.criarReserva({
      ...{ espacoId, dataInicio: timestampFromDate(new Date(dataInicio)) },
      dataFim: timestampFromDate(new Date(dataFim)),
    });
    expect(attempts).toBe(2);
    const held = { status: StatusReserva.PENDENTE_PAGAMENTO, pageSize: 1 };
    const found: string[] = [];
    for await (const reserva of paginate(reservas.listarReservas, held, (page) => page.reservas))
      found.push(reserva.id);
    expect(found).toEqual([id]);
  });
});

describe('webhooks of the platform', () => {
  let receiver: Server;
  let session: Session;
  const received: { headers: IncomingMessage['headers']; body: string }[] = [];

  beforeAll(async () => {
    receiver = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        received.push({ headers: request.headers, body });
        response.writeHead(204).end();
      });
    }).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    session = await login(visitante, { email: ADMIN_EMAIL, password: platform.stack.secrets.adminPassword });
  });
  afterAll(() => {
    receiver.close();
    receiver.closeAllConnections();
  });

  it.each([['HMAC' as const], ['ED25519' as const]])(
    'are verified by the key of a %s webhook',
    async (kind) => {
      const webhooks = visitante.as(session).client(WebhooksService);
      const { port } = receiver.address() as AddressInfo;
      const { id, chave } = await webhooks.criarWebhook({
        ...{ nome: `Cliente ${kind}`, url: `http://127.0.0.1:${port}/${kind}` },
        ...{ assinatura: TipoDeAssinatura[kind], tipos: [TipoDeEvento.ESTORNO_FALHOU] },
      });
      await webhooks.testarWebhook({ webhookId: id });
      await eventually(async () => {
        const request = received.find(({ body }) => body.includes(id));
        if (request === undefined) throw new Error('it has not come yet');
        const event = await verifyWebhook(request, chave);
        expect(event).toMatchObject({ type: 'webhook.teste', data: { webhookId: id } });
      });
      await webhooks.apagarWebhook({ webhookId: id });
    },
  );
});
