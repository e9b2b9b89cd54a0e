import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { createLogger } from '@plataforma/runtime/logger';
import { createTestIssuer, type TestIssuer } from '@plataforma/testing/test-tokens';
import { PagamentosClient } from '../src/infrastructure/clients/pagamentos-client.ts';
import { type StandIns, startStandIns } from './pagamentos-stand-in.ts';
import { AGORA, novoId } from './reservas-fixture.ts';

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

beforeEach(() => {
  cliente?.close();
  const tokens = {
    tokenFor: () => issuer.token({ sub: 'reservas', tipo: 'servico', audience: 'pagamentos' }),
  };
  const logger = createLogger({ service: 'spec', level: 'silent' });
  cliente = new PagamentosClient({ address: standIns.address, tokens, logger });
  standIns.modo = 'responde';
});

async function cobrar(): Promise<'cobrada' | 'adiada'> {
  const cobranca = await cliente.criarCobranca({
    ...{ reservaId: novoId('res'), clienteId: 'cli_1', descricao: 'Sala Ipê', guardarCreditos: false },
    ...{ valor: Dinheiro.deCentavos(100_00), expiraEm: new Date(AGORA) },
  });
  return cobranca.isSuccess ? 'cobrada' : 'adiada';
}

async function vezes<T>(quantas: number, fazer: () => Promise<T>): Promise<T[]> {
  const feitas: T[] = [];
  for (let vez = 0; vez < quantas; vez += 1) feitas.push(await fazer());
  return feitas;
}

describe('the client of pagamentos', () => {
  it('goes on asking however often pagamentos says no: that is an answer', async () => {
    standIns.modo = 'recusa';
    expect(await vezes(FALHAS + 1, cobrar)).toEqual(Array(FALHAS + 1).fill('adiada'));
    expect(await vezes(FALHAS + 1, () => cliente.aprovado('pag_desconhecido'))).toEqual(
      Array(FALHAS + 1).fill(undefined),
    );
    standIns.modo = 'responde';
    expect(await cobrar()).toBe('cobrada');
  });

  it('asks no more once pagamentos has failed five times in a row', async () => {
    standIns.modo = 'cai';
    await vezes(FALHAS, cobrar);
    standIns.modo = 'responde';
    const antes = standIns.cobrancas.length;
    expect(await cobrar()).toBe('adiada');
    expect(standIns.cobrancas).toHaveLength(antes);
  });

  it('asks what can still go back all the same, and then does without the answer', async () => {
    const pagamentoId = novoId('pag');
    standIns.pagos.set(pagamentoId, novoId('res'));
    standIns.devolviveis.set(pagamentoId, { versao: 3, valor: 70_00n });
    standIns.modo = 'cai';
    expect(await vezes(FALHAS + 1, () => cliente.devolvivel(pagamentoId))).toEqual(
      Array(FALHAS + 1).fill(undefined),
    );
    standIns.modo = 'responde';
    expect(await cobrar()).toBe('cobrada');
    standIns.modo = 'cai';
    await vezes(FALHAS, cobrar);
    standIns.modo = 'responde';
    expect(await cliente.devolvivel(pagamentoId)).toMatchObject({ versao: 3 });
  });
});
