import { beforeAll, describe, expect, it } from '@jest/globals';
import { connectEventBus } from '@plataforma/runtime/event-bus';
import { createLogger } from '@plataforma/runtime/logger';
import { eventually } from '@plataforma/testing/eventually';
import type { Customer, Platform, ReservaRest } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';

const PATIENTLY = { timeoutMs: 60_000 };
const TELEFONE = '+5511987650123';
const NOME = 'Carolina Bittencourt Prado';
const TEXTO = 'Minha avó foi internada no Hospital São Jerônimo.';
const DATABASES = ['auth', 'reservas', 'pagamentos', 'notificacoes'] as const;

interface Item {
  readonly dados: string;
  readonly acao: string;
  readonly quantidade?: number;
  readonly motivo?: string;
}

interface Relatorio {
  readonly situacao: string;
  readonly partes: ReadonlyArray<{ servico: string; situacao: string; itens?: readonly Item[] }>;
}

let platform: Platform;

beforeAll(async () => {
  platform = await sharedPlatform();
}, 240_000);

/** Somebody with a name of their own, a telephone, and words about themselves. */
async function pessoa(): Promise<Customer> {
  const quem = await platform.newCustomer();
  const { token } = await platform.admin();
  await platform.call(token, 'PATCH', `/api/v1/users/${quem.id}`, { nome: NOME });
  await platform.call(quem.token, 'PUT', '/api/v1/notificacoes/preferencias', {
    ...{ email: true, lembretes: true, telefone: TELEFONE },
  });
  return quem;
}

/** Tables of all databases in which one of the texts stands. */
async function ondeEsta(...textos: string[]): Promise<string[]> {
  const achadas: string[] = [];
  for (const database of DATABASES) {
    const tabelas = await platform.query<{ nome: string }>(
      database,
      `select table_name as nome from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
    );
    for (const { nome } of tabelas)
      for (const texto of textos) {
        const rows = await platform.query(
          database,
          `select 1 from "${nome}" t where strpos(lower(to_jsonb(t)::text), lower($1)) > 0 limit 1`,
          [texto],
        );
        if (rows.length > 0) achadas.push(`${database}.${nome}: ${texto}`);
      }
  }
  return achadas;
}

async function relatorio(protocolo: string): Promise<{ status: number; body: Relatorio }> {
  const response = await fetch(`${platform.edgeUrl}/api/v1/erasures/${protocolo}`, {
    signal: AbortSignal.timeout(10_000),
  });
  return { status: response.status, body: (await response.json()) as Relatorio };
}

/** Messages of all streams, dead letters too, in which one of the texts stands. */
async function noBarramento(...textos: string[]): Promise<string[]> {
  const logger = createLogger({ service: 'e2e', level: 'silent' });
  const bus = await connectEventBus({ servers: platform.stack.natsUrl, name: 'e2e-remocao', logger });
  const ask = async <T>(subject: string, body: object = {}) =>
    (
      await bus.connection().request(`$JS.API.${subject}`, JSON.stringify(body), { timeout: 10_000 })
    ).json<T>();
  const achadas: string[] = [];
  try {
    for (const stream of ['AUTH', 'RESERVAS', 'PAGAMENTOS', 'NOTIFICACOES', 'DLQ']) {
      const { state } = await ask<{ state: { first_seq: number; last_seq: number } }>(
        `STREAM.INFO.${stream}`,
      );
      for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
        const { message } = await ask<{ message?: { subject: string; data?: string; hdrs?: string } }>(
          `STREAM.MSG.GET.${stream}`,
          { seq },
        );
        const dito = [message?.data, message?.hdrs]
          .map((base64 = '') => Buffer.from(base64, 'base64').toString())
          .join()
          .toLowerCase();
        for (const texto of textos)
          if (dito.includes(texto.toLowerCase())) achadas.push(`${message?.subject}: ${texto}`);
      }
    }
  } finally {
    await bus.close();
  }
  return achadas;
}

describe('a person who leaves', () => {
  it('is erased everywhere, and the report says what is kept and why (ASVS 8.3.2)', async () => {
    const quem = await pessoa();
    const futura = await platform.paid(quem);
    const pendente = await platform.reserve(quem);
    const antiga = await platform.paid(quem);
    await platform.call(quem.token, 'POST', `/api/v1/reservas/${antiga.id}/cancelar`, { motivo: TEXTO });
    const outra = await platform.newCustomer();
    const vaga = platform.nextSlot();
    await outra.rest.post<ReservaRest>('/api/v1/reservas', vaga);
    await quem.rest.post('/api/v1/fila-espera', vaga);
    await quem.rest.post('/api/v1/calendarios', {});
    const antes = await ondeEsta(quem.email, NOME, TELEFONE, TEXTO);
    expect(antes.length).toBeGreaterThan(4);

    const saida = await platform.call<{ protocolo: string }>(quem.token, 'DELETE', '/api/v1/users/me', {
      password: 'Senha@123',
    });
    expect(saida.status).toBe(200);
    const { protocolo } = saida.body;
    await eventually(async () => {
      const { body } = await relatorio(protocolo);
      const faltam = body.partes.filter(({ situacao }) => !situacao.endsWith('CONCLUIDO'));
      if (!body.situacao.endsWith('CONCLUIDO'))
        throw new Error(`not done by ${faltam.map(({ servico }) => servico).join(', ')}`);
    }, PATIENTLY);

    expect(await ondeEsta(quem.email, NOME, TELEFONE, TEXTO)).toEqual([]);
    expect(await noBarramento(quem.email, NOME, TELEFONE, TEXTO)).toEqual([]);
    const { body } = await relatorio(protocolo);
    for (const { itens = [] } of body.partes)
      for (const { acao, motivo = '' } of itens) if (acao.endsWith('MANTIDO')) expect(motivo).not.toBe('');
    const reservas = body.partes.find(({ servico }) => servico === 'reservas')?.itens ?? [];
    expect(reservas.find(({ dados }) => dados === 'RESERVAS')).toMatchObject({ quantidade: 3 });

    const { token } = await platform.admin();
    for (const { id } of [futura, pendente])
      expect(await platform.call(token, 'GET', `/api/v1/reservas/${id}`)).toMatchObject({
        body: { status: 'CANCELADA' },
      });
    await eventually(async () => {
      const linha = await platform.ledgerOf(futura.id);
      expect(linha?.refunded).toBeGreaterThan(0);
    }, PATIENTLY);
    const despedida = (await platform.emailsTo(quem.email)).filter(
      ({ subject }) => subject === 'Sua conta foi removida',
    );
    expect(despedida).toHaveLength(1);
    expect(despedida[0]?.html).toContain(protocolo);
  }, 180_000);

  it('has tokens that no service takes any more', async () => {
    const quem = await platform.newCustomer();
    await platform.call(quem.token, 'DELETE', '/api/v1/users/me', { password: 'Senha@123' });
    for (const path of ['/api/v1/users/me', '/api/v1/reservas', '/api/v1/creditos', '/api/v1/notificacoes'])
      await eventually(
        async () => expect((await platform.call(quem.token, 'GET', path)).status).toBe(401),
        PATIENTLY,
      );
  });
});

it('a protocol that was never given shows nothing', async () => {
  expect((await relatorio('A'.repeat(32))).status).toBe(404);
});
