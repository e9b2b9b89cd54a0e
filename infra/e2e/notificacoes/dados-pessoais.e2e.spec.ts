import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { connectEventBus, type EventBus } from '@plataforma/runtime/event-bus';
import { createLogger } from '@plataforma/runtime/logger';
import { createPersonalKeys } from '@plataforma/runtime/personal-keys-client';
import { createServiceTokens } from '@plataforma/runtime/service-token';
import { eventually } from '@plataforma/testing/eventually';
import type { Customer, Platform, ReservaRest } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';

const PATIENTLY = { timeoutMs: 30_000 };
const MARCA = randomUUID().slice(0, 8);
const NOME = `Açucena${MARCA} de Ferraz`;
const EMAIL = `acucena.${MARCA}@exemplo.com`;
const MOTIVO = `Minha mãe está no hospital ${MARCA}`;
const SENHA = 'Senha@123';

const logger = createLogger({ service: 'e2e', level: 'silent' });

let platform: Platform;
let bus: EventBus;
/** Where the streams were before: what follows is about this person, and others. */
let before: Map<string, number>;

beforeAll(async () => {
  platform = await sharedPlatform();
  bus = await connectEventBus({ servers: platform.stack.natsUrl, name: 'e2e', logger });
  before = await ends();
}, 120_000);

afterAll(() => bus?.close());

const manager = () => jetstreamManager(bus.connection(), { checkAPI: false });

async function ends(): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  const { streams } = await manager();
  for await (const { config, state } of streams.list()) found.set(config.name, state.last_seq);
  return found;
}

/** Every byte that has come to any stream since: subjects, headers and bodies. */
async function streamed(): Promise<string> {
  const { streams } = await manager();
  const messages: string[] = [];
  for await (const { config, state } of streams.list())
    for (let seq = (before.get(config.name) ?? 0) + 1; seq <= state.last_seq; seq++) {
      const message = await streams.getMessage(config.name, { seq });
      const headers = [...(message?.header ?? [])].map(([name, values]) => `${name}: ${values}`);
      messages.push([message?.subject, ...headers, message?.string()].join('\n'));
    }
  return messages.join('\n');
}

/** What is in the outboxes of those who know something about people. */
async function stored(): Promise<string> {
  const rows = await Promise.all(
    (['auth', 'reservas'] as const).map((service) =>
      platform.query(
        service,
        "select payload, cabecalhos, enviado_em from outbox where criado_em > now() - interval '1 hour'",
      ),
    ),
  );
  return JSON.stringify(rows);
}

async function signUp(): Promise<Customer> {
  const pessoa = { nome: NOME, email: EMAIL, password: SENHA };
  const { body } = await platform.rest.post<{ id: string }>('/api/v1/auth/signup', pessoa);
  await platform.verify(EMAIL);
  return { id: body.id, email: EMAIL, ...(await platform.login(EMAIL, SENHA)) };
}

/** Waits for the e-mails with these subjects. */
const told = (...subjects: string[]) =>
  eventually(async () => {
    const emails = await platform.emailsTo(EMAIL);
    const came = emails.map(({ subject }) => subject.split(':')[0]);
    expect(came).toEqual(expect.arrayContaining(subjects));
  }, PATIENTLY);

it('what events say about a person is read by who has to, and by nobody else', async () => {
  const pessoa = await signUp();
  const reserva = await platform.paid(pessoa);
  // A cancellation takes back a confirmation that was not sent yet.
  await told('Reserva confirmada');
  await pessoa.rest.post<ReservaRest>(`/api/v1/reservas/${reserva.id}/cancelar`, { motivo: MOTIVO });
  await platform.rest.post('/api/v1/auth/password/forgot', { email: EMAIL });
  await told('Reserva cancelada', 'Redefina sua senha');
  expect((await platform.emailsTo(EMAIL)).some(({ html }) => html?.includes(MOTIVO))).toBe(true);

  const everything = await streamed();
  expect(everything).toContain(pessoa.id);
  expect(everything).toMatch(/"motivo": ?"pessoal:v1:/);
  const telling = new RegExp(`${MARCA}|Ferraz|Açucena|hospital`);
  expect(everything).not.toMatch(telling);
  await eventually(async () => expect(await stored()).not.toMatch(telling), PATIENTLY);

  const { secrets, ports } = platform.stack;
  const authAddress = `127.0.0.1:${ports.AUTH_GRPC_PORT}`;
  const tokens = createServiceTokens({
    authAddress,
    servico: 'notificacoes',
    segredo: secrets.notificacoesSecret,
  });
  const keys = createPersonalKeys({ authAddress, tokens, logger });
  const again = createPersonalKeys({ authAddress, tokens, logger });
  try {
    expect(await keys.keyOf(pessoa.id)).toHaveLength(32);
    const destroy =
      'update chaves_pessoais set chave = null, selo = null, destruida_em = now() where usuario_id = $1';
    await platform.query('auth', destroy, [pessoa.id]);
    expect(await again.keyOf(pessoa.id)).toBeUndefined();
  } finally {
    for (const client of [keys, again, tokens]) client.close();
  }
}, 120_000);
