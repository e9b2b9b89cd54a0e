import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { StatusPagamento } from '@plataforma/contratos/pagamentos/v1/pagamento_pb';
import { createLogger } from '@plataforma/runtime/logger';
import type { ServiceTokens } from '@plataforma/runtime/service-token';
import { createTestIssuer, type TestIssuer } from '@plataforma/testing/test-tokens';
import { PagamentosClient } from '../../src/saga/infrastructure/pagamentos-client.ts';
import { type StandIns, startStandIns } from '../pagamentos-stand-in.ts';
import { between, newEspaco, newId, newReserva } from '../reservas-fixture.ts';

/** Failures in a row after which the breaker opens. */
const FALHAS = 5;

let issuer: TestIssuer;
let standIns: StandIns;
let cliente: PagamentosClient;

beforeAll(async () => {
  issuer = await createTestIssuer();
  standIns = await startStandIns(issuer);
});

afterAll(async () => {
  cliente?.close();
  await standIns?.close();
  await issuer?.close();
});

const tokenFor = () => issuer.token({ sub: 'reservas', tipo: 'servico', audience: 'pagamentos' });

beforeEach(() => conectar({ tokenFor }));

function conectar(tokens: Pick<ServiceTokens, 'tokenFor'>) {
  cliente?.close();
  const logger = createLogger({ service: 'spec', level: 'silent' });
  cliente = new PagamentosClient({ address: standIns.address, tokens, logger });
  standIns.mode = 'answers';
  standIns.statusDaCobranca = undefined;
}

const reserva = () => newReserva(newEspaco(), between('2026-06-10T10:00:00Z', '2026-06-10T12:00:00Z')).estado;

async function cobrar(): Promise<'cobrada' | 'adiada'> {
  return cliente.criarCobranca(reserva()).then(
    () => 'cobrada',
    () => 'adiada',
  );
}

async function vezes<T>(quantas: number, fazer: () => Promise<T>): Promise<T[]> {
  const feitas: T[] = [];
  for (let vez = 0; vez < quantas; vez += 1) feitas.push(await fazer());
  return feitas;
}

describe('the client of pagamentos', () => {
  it('goes on asking however often pagamentos says no: that is an answer', async () => {
    standIns.mode = 'refuses';
    expect(await vezes(FALHAS + 1, cobrar)).toEqual(Array(FALHAS + 1).fill('adiada'));
    expect(await vezes(FALHAS + 1, () => cliente.aprovado('pag_desconhecido'))).toEqual(
      Array(FALHAS + 1).fill(undefined),
    );
    standIns.mode = 'answers';
    expect(await cobrar()).toBe('cobrada');
  });

  it('asks no more once pagamentos has failed five times in a row', async () => {
    standIns.mode = 'crashes';
    await vezes(FALHAS, cobrar);
    standIns.mode = 'answers';
    const antes = standIns.cobrancas.length;
    expect(await cobrar()).toBe('adiada');
    expect(standIns.cobrancas).toHaveLength(antes);
  });

  it('asks what can still go back all the same, and then does without the answer', async () => {
    const pagamentoId = newId('pag');
    standIns.pagos.set(pagamentoId, newId('res'));
    standIns.devolviveis.set(pagamentoId, { versao: 3, valor: 70_00n });
    standIns.mode = 'crashes';
    expect(await vezes(FALHAS + 1, () => cliente.devolvivel(pagamentoId))).toEqual(
      Array(FALHAS + 1).fill(undefined),
    );
    standIns.mode = 'answers';
    expect(await cobrar()).toBe('cobrada');
    standIns.mode = 'crashes';
    await vezes(FALHAS, cobrar);
    standIns.mode = 'answers';
    expect(await cliente.devolvivel(pagamentoId)).toMatchObject({ versao: 3 });
  });

  it('has pagamentos look for what can still go back no longer than anybody waits for it', async () => {
    await cliente.devolvivel('pag_desconhecido');
    expect(standIns.deadlinesMs.at(-1)).toBeGreaterThan(0);
    expect(standIns.deadlinesMs.at(-1)).toBeLessThanOrEqual(1_000);
  });

  it('does without the answer when the token alone takes longer than a second', async () => {
    conectar({ tokenFor: () => new Promise(() => {}) });
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'] });
    try {
      const respostas: unknown[] = [];
      void cliente.devolvivel('pag_1').then((resposta) => respostas.push(resposta));
      await jest.advanceTimersByTimeAsync(999);
      expect(respostas).toEqual([]);
      await jest.advanceTimersByTimeAsync(1);
      expect(respostas).toEqual([undefined]);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('the answer to who asks for a charge', () => {
  const SEUS_EVENTOS = 'its events tell what became of it';
  const STATUS = {
    UNSPECIFIED: SEUS_EVENTOS,
    PENDENTE: 'CobrancaCriada',
    APROVADO: 'PagamentoAprovado',
    RECUSADO: SEUS_EVENTOS,
    CANCELADO: SEUS_EVENTOS,
    ESTORNO_PENDENTE: SEUS_EVENTOS,
    ESTORNADO_PARCIAL: SEUS_EVENTOS,
    ESTORNADO: SEUS_EVENTOS,
  } as const satisfies Record<keyof typeof StatusPagamento, string>;

  const respostas = Object.entries(STATUS) as [keyof typeof StatusPagamento, string][];

  describe.each(['criarCobranca', 'usarCreditos'] as const)('by %s', (pedir) => {
    it.each(respostas)('is of one that is %s and has a checkout: %s', async (status, esperada) => {
      standIns.statusDaCobranca = StatusPagamento[status];
      const fato = await cliente[pedir](reserva()).then(
        ({ tipo }) => tipo,
        ({ cause }: { cause: Error }) => cause.message.replace(/^.*: /, ''),
      );
      expect(fato).toBe(esperada);
    });
  });

  it('is none while a charge has no checkout yet', async () => {
    standIns.mode = 'prepares';
    expect(await cobrar()).toBe('adiada');
  });
});
