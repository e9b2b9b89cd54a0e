import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { file_auth_v1_eventos } from '@plataforma/contratos/auth/v1/eventos_pb';
import { file_notificacoes_v1_eventos } from '@plataforma/contratos/notificacoes/v1/eventos_pb';
import { file_pagamentos_v1_comandos } from '@plataforma/contratos/pagamentos/v1/comandos_pb';
import { file_pagamentos_v1_eventos } from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import { file_reservas_v1_comandos } from '@plataforma/contratos/reservas/v1/comandos_pb';
import { file_reservas_v1_eventos } from '@plataforma/contratos/reservas/v1/eventos_pb';
import { connectEventBus, type EventBus } from '@plataforma/runtime/event-bus';
import { eventHeaders } from '@plataforma/runtime/event-message';
import { createLogger } from '@plataforma/runtime/logger';
import { eventually } from '@plataforma/testing/eventually';
import { TestStack } from '../platform/test-stack.ts';

const PATIENTLY = { timeoutMs: 45_000 };
const COMMAND = fileURLToPath(new URL('../../dev/src/dlq/main.ts', import.meta.url));

/** Every event that the contracts know, as its subject. */
const SUBJECTS = [
  file_auth_v1_eventos,
  file_notificacoes_v1_eventos,
  file_pagamentos_v1_eventos,
  file_pagamentos_v1_comandos,
  file_reservas_v1_eventos,
  file_reservas_v1_comandos,
].flatMap(({ messages }) => messages.map(({ typeName }) => typeName));

let platform: TestStack;
let bus: EventBus;

beforeAll(async () => {
  platform = await TestStack.start();
  const logger = createLogger({ service: 'e2e', level: 'silent' });
  bus = await connectEventBus({ servers: platform.stack.natsUrl, name: 'e2e', logger });
}, 120_000);

afterAll(async () => {
  await bus?.close();
  await platform?.stop();
}, 60_000);

/** The command as an operator types it. */
async function dlq(...args: string[]): Promise<{ code: number; lines: string[] }> {
  const child = spawn(process.execPath, ['--conditions=source', COMMAND, ...args], {
    env: { NATS_URL: platform.stack.natsUrl },
    timeout: 40_000,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk;
    });
  const [code] = await once(child, 'close');
  return { code, lines: output.trim().split('\n') };
}

/** A question to the JetStream API of the server. */
async function ask<T>(subject: string): Promise<T> {
  return (await bus.connection().request(`$JS.API.${subject}`, '', { timeout: 5_000 })).json<T>();
}

/** Names of all durable consumers of the platform. */
async function durables(): Promise<string[]> {
  const { streams } = await ask<{ streams: string[] }>('STREAM.NAMES');
  const lists = await Promise.all(
    streams.map((stream) => ask<{ consumers: string[] | null }>(`CONSUMER.NAMES.${stream}`)),
  );
  return lists.flatMap(({ consumers }) => consumers ?? []).sort();
}

/** A message that no consumer of its subject can read, about an aggregate that others wait for too. */
function poison(subject: string, aggregateId: string): Promise<unknown> {
  const id = randomUUID();
  const agregado = { tipo: 'reserva', id: aggregateId, versao: 99 };
  const headers = eventHeaders({ id, assunto: subject, agregado, criadoEm: new Date(), cabecalhos: {} });
  return bus.publish({ id, subject, payload: '"veneno"', headers });
}

const approvalsOf = (reservaId: string) =>
  platform.query<{ id: string; payload: object; agregado_id: string; agregado_versao: number }>(
    'pagamentos',
    `select id, payload, agregado_id, agregado_versao from outbox
     where assunto = 'pagamentos.v1.PagamentoAprovado' and payload->>'reservaId' = $1`,
    [reservaId],
  );

describe('npm run dlq on a platform that runs', () => {
  it('says that there is nothing while nothing was given up', async () => {
    expect(await dlq('list')).toEqual({ code: 0, lines: ['no dead letters'] });
    expect(await dlq('replay', '--all')).toEqual({ code: 0, lines: ['0 replayed'] });
  }, 60_000);

  it('shows a poisoned message of every consumer, and none of them holds up a booking', async () => {
    const consumers = await durables();
    expect(consumers.length).toBeGreaterThanOrEqual(5);
    const customer = await platform.newCustomer();
    const reserva = await platform.reserve(customer);
    for (const subject of SUBJECTS) await poison(subject, reserva.id);
    await platform.pay(reserva);
    await platform.becomes(customer, reserva.id, 'CONFIRMADA');
    await eventually(
      async () => expect((await platform.emailsTo(customer.email)).length).toBeGreaterThan(0),
      PATIENTLY,
    );
    await eventually(async () => {
      const { lines } = await dlq('list');
      for (const durable of consumers) {
        const own = lines.filter((line) => line.includes(`  ${durable}  `));
        expect([durable, own.length > 0]).toEqual([durable, true]);
      }
    }, PATIENTLY);
  }, 180_000);

  it('buries a poisoned message again when it is replayed, once, and drops it when told so', async () => {
    const { lines } = await dlq('list');
    const [sequence = ''] = /^\d+/.exec(lines[0] ?? '') ?? [];
    const shown = await dlq('show', sequence);
    expect(shown.lines.join('\n')).toContain('PermanentError: body is not a');
    const count = Number.parseInt(lines.at(-1) ?? '', 10);
    expect((await dlq('replay', sequence)).lines).toEqual([`${sequence} replayed`]);
    let last = '';
    await eventually(async () => {
      const after = (await dlq('list')).lines;
      // As many as before at least: every consumer of the subject has seen it again.
      expect(Number.parseInt(after.at(-1) ?? '', 10)).toBeGreaterThanOrEqual(count);
      expect(after.some((line) => line.startsWith(`${sequence}  `))).toBe(false);
      last = /^\d+/.exec(after.at(-3) ?? '')?.[0] ?? '';
    }, PATIENTLY);
    expect(await dlq('drop', last)).toEqual({ code: 0, lines: [`${last} dropped`] });
    expect((await dlq('show', last)).code).toBe(1);
  }, 180_000);

  it('changes nothing when an event that had its effect is replayed', async () => {
    const customer = await platform.newCustomer();
    const reserva = await platform.paid(customer);
    const [approval] = await approvalsOf(reserva.id);
    if (approval === undefined) throw new Error('nothing was approved');
    // As if its consumer had given it up: same event, other message.
    const headers = eventHeaders({
      id: approval.id,
      assunto: 'pagamentos.v1.PagamentoAprovado',
      agregado: { tipo: 'pagamento', id: approval.agregado_id, versao: approval.agregado_versao },
      criadoEm: new Date(),
      cabecalhos: {},
    });
    const subject = 'pagamentos.v1.PagamentoAprovado';
    const own = {
      'dlq-erro': 'Error: spec',
      'dlq-consumidor': 'reservas-pagamentos',
      'dlq-assunto': subject,
    };
    await bus.publish({
      id: `dlq:${approval.id}`,
      subject: `dlq.reservas-pagamentos.${subject}`,
      payload: JSON.stringify(approval.payload),
      headers: { ...headers, ...own },
    });
    const history = () =>
      platform.query('reservas', 'select * from reservas_historico where reserva_id = $1 order by versao', [
        reserva.id,
      ]);
    const before = await history();
    expect((await dlq('replay', '--all', '--consumer', 'reservas-pagamentos')).code).toBe(0);
    await eventually(async () => {
      const [row] = await platform.query<{ n: number }>(
        'reservas',
        `select count(*)::int as n from saga_ocorrencias where reserva_id = $1 and resultado = 'REPETIDA'`,
        [reserva.id],
      );
      expect(row?.n).toBe(1);
    }, PATIENTLY);
    expect(await history()).toEqual(before);
    expect((await platform.reserva(customer, reserva.id)).status).toBe('CONFIRMADA');
  }, 180_000);

  it.each([
    [['--help'], 0, 'Usage: npm run dlq'],
    [['apaga'], 2, 'unknown command "apaga"'],
    [['show'], 2, 'wants a number'],
    [['replay', 'tudo'], 2, '"tudo" is no number of a dead letter'],
    [['drop', '999999'], 1, 'there is no dead letter 999999'],
  ])('answers %j clearly', async (args, code, text) => {
    const answer = await dlq(...args);
    expect(answer.code).toBe(code);
    expect(answer.lines.join('\n')).toContain(text);
  });
});
