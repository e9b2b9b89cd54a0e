import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { Client } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { StatusPagamento } from '@plataforma/contratos/pagamentos/v1/pagamento_pb';
import type { PagamentosService } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { EncerrarCobrancaSchema } from '@plataforma/contratos/reservas/v1/comandos_pb';
import { DEAD_AFTER } from '@plataforma/domain/work-queue';
import { Worker } from '@plataforma/runtime/worker';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { Stripe } from 'stripe';
import { type QueueName, queueState } from '../../src/trabalhos/infrastructure/queue-state.ts';
import { deliver, type PagamentosUnderTest, sign, startPagamentos } from '../pagamentos-under-test.ts';

// Room for servers that start on a busy machine.
jest.setTimeout(60_000);

const HORA_MS = 60 * 60_000;
/** Longer than any item is left alone. */
const RODADA_MS = 10 * 60_000;
const FILAS: readonly QueueName[] = ['checkouts', 'encerramentos', 'estornos', 'webhooks'];

const clock = new FixedClock('2026-11-24T12:00:00Z');
let system: PagamentosUnderTest;
let admin: Client<typeof PagamentosService>;
let numero = 0;

beforeAll(async () => {
  system = await startPagamentos({ clock });
  admin = system.clientFor({ sub: 'usr_admin', papeis: ['ADMIN'] });
});

beforeEach(() => system.stripe.recover());

afterAll(() => system.stop());

const statusDe = async (pagamentoId: string) => (await admin.obterPagamento({ pagamentoId })).status;

async function cobrar() {
  const reservaId = `res_${++numero}`;
  const { id } = await admin.criarCobranca({
    reservaId,
    clienteId: 'cli_1',
    valor: { centavos: 10_000n, moeda: 'BRL' },
    descricao: 'Sala Azul',
    expiraEm: timestampFromDate(new Date(clock.now().getTime() + 12 * HORA_MS)),
  });
  return { id, reservaId };
}

async function entregar(type: string, object: object): Promise<void> {
  const evento = { id: `evt_${++numero}`, object: 'event', api_version: Stripe.API_VERSION };
  const body = JSON.stringify({ ...evento, type, data: { object } });
  expect((await system.postWebhook(body, sign(body, clock.now()))).status).toBe(200);
}

async function pagar(id: string): Promise<void> {
  const session = system.stripe.sessionOf(id);
  system.stripe.pay(session);
  await entregar('checkout.session.completed', session);
  await system.workUntil(async () => expect(await statusDe(id)).toBe(StatusPagamento.APROVADO));
}

/** The workers of one process, which look when they are told to. */
const trabalhadores = () => (system.createInstance().background ?? []).filter((um) => um instanceof Worker);

async function rodadas(quantas: number): Promise<void> {
  const workers = trabalhadores();
  for (let vez = 1; vez <= quantas; vez++) {
    clock.advance(RODADA_MS);
    for (const worker of workers) await worker.turn();
  }
}

/** For how long each item that waits is left alone now, in minutes. */
const esperas = async (): Promise<number[]> => {
  const tabelas = ['checkouts_pendentes', 'encerramentos_pendentes', 'estornos'];
  const uniao = tabelas.map((tabela) => `select tentar_em from ${tabela} where tentar_em is not null`);
  const rows: Array<{ tentar_em: Date }> = await system.dataSource.query(uniao.join(' union all '));
  return rows.map((row) => (row.tentar_em.getTime() - clock.now().getTime()) / 60_000);
};

const situacao = async () =>
  Object.fromEntries(
    await Promise.all(
      FILAS.map(async (fila) => {
        const { putOff, dead } = await queueState(system.dataSource, fila, clock.now());
        return [fila, { putOff, dead }] as const;
      }),
    ),
  );

const TODAS_BEM = Object.fromEntries(FILAS.map((fila) => [fila, { putOff: 0, dead: 0 }]));

describe('what waits for Stripe', () => {
  it('has not failed while Stripe is away for longer than items live, and is done when it is back', async () => {
    const [aEncerrar, aDevolver] = [await cobrar(), await cobrar()];
    await pagar(aDevolver.id);
    system.stripe.failNext('unavailable', 10_000);
    await admin.estornarPagamento({ pagamentoId: aDevolver.id, motivo: 'cortesia' });
    await deliver(system.parts, EncerrarCobrancaSchema, { ...aEncerrar, clienteId: 'cli_1' }, 3);
    await expect(cobrar()).rejects.toThrow();
    const [{ id: aAbrir }] = await system.dataSource.query(
      'select pagamento_id as id from checkouts_pendentes',
    );

    await rodadas(DEAD_AFTER + 2);
    expect(await situacao()).toEqual(TODAS_BEM);
    const minutos = await esperas();
    expect(minutos).toHaveLength(3);
    for (const espera of minutos) expect(espera > 0 && espera <= 5).toBe(true);

    system.stripe.recover();
    clock.advance(RODADA_MS);
    await system.workUntil(async () => {
      expect(await statusDe(aEncerrar.id)).toBe(StatusPagamento.CANCELADO);
      expect(await statusDe(aDevolver.id)).toBe(StatusPagamento.ESTORNADO);
      expect((await admin.obterPagamento({ pagamentoId: aAbrir })).checkoutUrl).not.toBe('');
    });
    expect(system.stripe.refundsOf(aDevolver.id)).toHaveLength(1);
  });

  it('is dead when Stripe answers, and refuses it each time', async () => {
    const { id, reservaId } = await cobrar();
    system.stripe.sessions.delete(system.stripe.sessionOf(id).id);
    await deliver(system.parts, EncerrarCobrancaSchema, { reservaId, clienteId: 'cli_1' }, 3);
    await rodadas(DEAD_AFTER - 1);
    expect(await situacao()).toMatchObject({ encerramentos: { putOff: 1, dead: 0 } });
    system.stripe.failNext('unavailable', 1);
    await rodadas(1);
    expect(await situacao()).toMatchObject({ encerramentos: { putOff: 1, dead: 0 } });
    const [{ erro }] = await system.dataSource.query('select erro from encerramentos_pendentes');
    expect(erro).toContain('GatewayError');
    await rodadas(1);
    expect(await situacao()).toMatchObject({ encerramentos: { putOff: 1, dead: 1 } });
  });
});
