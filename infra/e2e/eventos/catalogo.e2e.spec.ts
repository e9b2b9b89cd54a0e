import { writeFileSync } from 'node:fs';
import { createRegistry, type DescMessage, fromJson } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { file_auth_v1_eventos } from '@plataforma/contratos/auth/v1/eventos_pb';
import { file_notificacoes_v1_eventos } from '@plataforma/contratos/notificacoes/v1/eventos_pb';
import { file_pagamentos_v1_comandos } from '@plataforma/contratos/pagamentos/v1/comandos_pb';
import { file_pagamentos_v1_eventos } from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import { file_reservas_v1_comandos } from '@plataforma/contratos/reservas/v1/comandos_pb';
import { file_reservas_v1_eventos } from '@plataforma/contratos/reservas/v1/eventos_pb';
import { type StoredEvent, storedEvents } from '@plataforma/dev/events/stored-events';
import { CONSUMERS } from '@plataforma/dev/gen/asyncapi/consumers';
import { EXAMPLES_FILE, type Example, recordedExamples } from '@plataforma/dev/gen/asyncapi/examples';
import { HEADERS } from '@plataforma/dev/gen/asyncapi/headers';
import { eventually } from '@plataforma/testing/eventually';
import type { Platform } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';

const STREAMS = ['AUTH', 'RESERVAS', 'PAGAMENTOS', 'NOTIFICACOES'];
/** What comes after everything else that is done here. */
const LAST = [
  ...['reservas.v1.ReservaConfirmada', 'reservas.v1.ReservaExpirada', 'notificacoes.v1.NotificacaoEnviada'],
  ...['auth.v1.SessaoEncerrada', 'auth.v1.RedefinicaoSenhaPedida'],
];
const PORTS = [
  'AUTH_HTTP_PORT',
  'RESERVAS_HTTP_PORT',
  'PAGAMENTOS_HTTP_PORT',
  'NOTIFICACOES_HTTP_PORT',
] as const;

const registry = createRegistry(
  ...[file_auth_v1_eventos, file_reservas_v1_eventos, file_reservas_v1_comandos],
  ...[file_pagamentos_v1_eventos, file_pagamentos_v1_comandos, file_notificacoes_v1_eventos],
);

let platform: Platform;
let nats: NatsConnection;
let stored: StoredEvent[];

/** Something of each service: an account, a booking that is paid, an e-mail. */
beforeAll(async () => {
  platform = await sharedPlatform();
  nats = await connect({ servers: platform.stack.natsUrl });
  const customer = await platform.newCustomer();
  await platform.paid(customer);
  const esquecida = await platform.reserve(customer);
  await platform.expire(esquecida.id);
  await platform.becomes(customer, esquecida.id, 'EXPIRADA');
  await customer.rest.post('/api/v1/auth/password/forgot', { email: customer.email });
  const { id } =
    (await customer.rest.get<{ sessoes: { id: string }[] }>('/api/v1/auth/sessions')).body.sessoes[0] ?? {};
  await customer.rest.delete(`/api/v1/auth/sessions/${id}`);
  await eventually(
    async () => {
      stored = await storedEvents(nats, {});
      const seen = new Set(stored.map(({ subject }) => subject));
      for (const type of LAST) expect(seen).toContain(type);
    },
    { timeoutMs: 45_000 },
  );
  if (process.env.ATUALIZAR_GOLDEN === '1') record(stored);
}, 180_000);

afterAll(() => nats?.close());

const ofStreams = () => stored.filter(({ subject }) => !subject.startsWith('dlq.'));

function headersOf({ headers }: StoredEvent): Record<string, string> {
  return Object.fromEntries([...(headers ?? [])].map(([name, values]) => [name, values[0] ?? '']));
}

/** Adds those that there were none of, to be read before they are committed. */
function record(events: readonly StoredEvent[]): void {
  const examples: Record<string, Example> = { ...recordedExamples() };
  for (const event of events)
    if (registry.getMessage(event.subject))
      examples[event.subject] ??= { headers: headersOf(event), payload: JSON.parse(event.body) as object };
  const sorted = Object.fromEntries(Object.entries(examples).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(EXAMPLES_FILE, `${JSON.stringify(sorted, null, 2)}\n`);
}

describe('the catalogue of events', () => {
  it('has the form of everything that is published', () => {
    const { required, properties } = HEADERS as { required: string[]; properties: object };
    for (const event of ofStreams()) {
      const type = registry.getMessage(event.subject) as DescMessage;
      expect(() => fromJson(type, JSON.parse(event.body))).not.toThrow();
      const names = Object.keys(headersOf(event));
      expect(names).toEqual(expect.arrayContaining(required));
      expect(Object.keys(properties)).toEqual(expect.arrayContaining(names));
    }
  });

  it('shows what every booking publishes as a platform has published it', () => {
    const shown = Object.keys(recordedExamples());
    const booking = ['ReservaCriada', 'ReservaConfirmada'].map((name) => `reservas.v1.${name}`);
    const payment = ['CobrancaCriada', 'PagamentoAprovado'].map((name) => `pagamentos.v1.${name}`);
    expect(shown).toEqual(expect.arrayContaining([...booking, ...payment]));
  });

  it('knows the consumers of the platform, and all that they take', async () => {
    const manager = await jetstreamManager(nats);
    const names: string[] = [];
    for (const stream of STREAMS)
      for await (const { config } of manager.consumers.list(stream))
        if (config.durable_name) names.push(config.durable_name);
    expect(names.sort()).toEqual(Object.keys(CONSUMERS));
    const taken = await Promise.all(
      PORTS.map(async (port) => {
        const metrics = await fetch(`http://127.0.0.1:${platform.stack.ports[port]}/metrics`);
        const lines = (await metrics.text()).matchAll(
          /^eventos_consumidos_total\{consumidor="([^"]+)",assunto="([^"]+)",resultado="ok"/gm,
        );
        return [...lines].map(([, consumer = '', subject = '']) => [consumer, subject] as const);
      }),
    );
    expect(taken.flat().length).toBeGreaterThan(0);
    for (const [consumer, subject] of taken.flat())
      expect([consumer, CONSUMERS[consumer]?.takes]).toEqual([consumer, expect.arrayContaining([subject])]);
  });
});
