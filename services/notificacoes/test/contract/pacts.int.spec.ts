import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NotificacoesService } from '@plataforma/contratos/notificacoes/v1/notificacoes_service_pb';
import { ConsumerPact, EXACT, type HeardEvent } from '@plataforma/pacts/consumer-pact';
import { keptPact, pactsWith } from '@plataforma/pacts/pact-file';
import { verifyPacts } from '@plataforma/pacts/provider';
import { publishedBy } from '@plataforma/pacts/published';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import { startGrpcServer } from '@plataforma/runtime/grpc-server';
import { Health } from '@plataforma/runtime/health';
import { createInterceptors } from '@plataforma/runtime/interceptors';
import { createTokenVerifier } from '@plataforma/runtime/jwt';
import { eventually } from '@plataforma/testing/eventually';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { createTestIssuer } from '@plataforma/testing/test-tokens';
import { Harness, type Instance, logger } from '../support/harness.ts';
import { OF_AUTH, OF_PAGAMENTOS, OF_RESERVAS } from './needs.ts';

let harness: Harness;
let instance: Instance;

beforeAll(async () => {
  harness = await Harness.start();
  // Nothing is sent in this suite: there is no mail server.
  instance = await harness.instance('smtp://127.0.0.1:1', new FixedClock('2026-11-20T13:00:00Z'));
});

afterAll(async () => {
  await instance?.stop();
  await harness?.stop();
});

function consumer(durable: string) {
  const found = instance.consumers.find((one) => one.durable === durable);
  if (found === undefined) throw new Error(`there is no ${durable}`);
  return found;
}

describe.each([
  ['reservas', OF_RESERVAS],
  ['pagamentos', OF_PAGAMENTOS],
  ['auth', OF_AUTH],
])('what notificacoes needs of %s', (provider, needs) => {
  let pact: ConsumerPact;

  beforeAll(async () => {
    pact = await ConsumerPact.between('notificacoes', provider);
  });

  afterAll(() => pact?.close());

  const events = Object.entries(needs).flatMap(([durable, heard]) =>
    heard.map((event): [string, string, HeardEvent] => [event.schema.name, durable, event]),
  );

  it.each(events)('is to hear %s for %s', async (_, durable, event) => {
    expect(await pact.hears(consumer(durable), event)).toEqual(EXACT);
  });

  it('is all that its pact says', async () => {
    expect(pact.missing(instance.consumers)).toEqual([]);
    const now = await pact.text();
    expect(now).toBe(await keptPact('notificacoes', provider, now));
  });
});

/** An administrator is shown what somebody was sent, by the listener that is deployed. */
async function lookAsAdmin(): Promise<void> {
  const issuer = await createTestIssuer();
  const { services, looks } = instance;
  const interceptors = createInterceptors({ logger, verifier: createTokenVerifier(issuer), services, looks });
  const common = { host: '127.0.0.1', port: 0, reflection: false, health: new Health(), logger };
  const server = await startGrpcServer({ ...common, services, interceptors });
  const client = createGrpcClient(NotificacoesService, {
    ...{ address: `127.0.0.1:${server.port}`, timeoutMs: 8_000 },
    headers: async () => ({
      authorization: `Bearer ${await issuer.token({ sub: 'cli_chefe', papeis: ['ADMIN'] })}`,
    }),
  });
  try {
    await client.listarNotificacoes({ clienteId: 'cli_pacto' });
  } finally {
    client.close();
    await server.close();
    await issuer.close();
  }
}

describe('what others need of notificacoes', () => {
  it('is what it says and does', async () => {
    await lookAsAdmin();
    const { dataSource } = harness.database;
    await eventually(async () => {
      const told = await dataSource.query(
        `select 1 from outbox where assunto = 'notificacoes.v1.DadosPessoaisApagados'`,
      );
      expect(told).not.toEqual([]);
    });
    const kept = verifyPacts({
      ...{ name: 'notificacoes', pacts: await pactsWith('notificacoes') },
      events: await publishedBy(dataSource),
    });
    await expect(kept).resolves.toBeUndefined();
  });
});
