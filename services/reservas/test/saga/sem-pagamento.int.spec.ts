import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { StatusEstorno } from '../../src/reservas/domain/estado-reserva.ts';
import { contarSemPagamento } from '../../src/saga/infrastructure/contagens.ts';
import { Ciclo } from '../ciclo-fixture.ts';
import { NOW } from '../reservas-fixture.ts';

let ciclo: Ciclo;

beforeAll(async () => {
  ciclo = await Ciclo.open();
});

afterAll(() => ciclo.close());

beforeEach(async () => {
  ciclo.clock.set(NOW);
  await ciclo.dataSource.query(`update reservas set status = 'EXPIRADA'`);
});

const SEMANA_MS = 7 * 24 * 3_600_000;

const contar = () => contarSemPagamento(ciclo.dataSource, new Date(ciclo.clock.now().getTime() - SEMANA_MS));

/** A paid reservation of the price that the database says. */
async function paga() {
  const { id, clienteId } = await ciclo.esperando();
  await ciclo.pagar(id);
  const [row] = await ciclo.dataSource.query('select valor_centavos from reservas where id = $1', [id]);
  return { id, clienteId, centavos: BigInt(row.valor_centavos) };
}

function estornar(id: string, numero: number, status: StatusEstorno, centavos: bigint): Promise<void> {
  const estorno = { numero, status, valor: Dinheiro.deCentavos(centavos) };
  return ciclo.receber({ tipo: 'EstornoMudou', ...ciclo.pagamento(id), estorno });
}

describe('reservations without their money', () => {
  it('are none while what was paid stays, in whole or in part', async () => {
    const { id, centavos } = await paga();
    await ciclo.esperando();
    await estornar(id, 1, 'CONCLUIDO', centavos - 1n);
    await estornar(id, 2, 'SOLICITADO', 1n);
    const estorno = { numero: 3, status: 'CONCLUIDO', valor: Dinheiro.deCentavos(centavos) } as const;
    await ciclo.receber({ tipo: 'EstornoMudou', reservaId: id, pagamentoId: 'pag_outro', estorno });
    expect(await contar()).toBe(0);
  });

  it('are those whose money has all gone back, until the refund fails or they are cancelled', async () => {
    const { id, centavos } = await paga();
    const outra = await paga();
    // The news of the first part come last.
    await estornar(id, 2, 'CONCLUIDO', centavos - 1n);
    await estornar(id, 1, 'CONCLUIDO', 1n);
    await estornar(outra.id, 1, 'CONCLUIDO', outra.centavos);
    expect(await contar()).toBe(2);
    await estornar(id, 2, 'FALHOU', centavos - 1n);
    expect(await contar()).toBe(1);
    const solicitante = { id: outra.clienteId, admin: false };
    await ciclo.cancelar.execute({ reservaId: outra.id, solicitante, motivo: '', excecao: undefined });
    expect(await contar()).toBe(0);
  });

  it('are those that stand although nobody told that they were paid', async () => {
    const { id } = await ciclo.esperando();
    await ciclo.dataSource.query(
      `update reservas set status = 'CONFIRMADA', confirmada_em = $2 where id = $1`,
      [id, ciclo.clock.now()],
    );
    expect(await contar()).toBe(1);
    await ciclo.pagar(id);
    expect(await contar()).toBe(0);
  });

  it('count for a week after they took place', async () => {
    const { id, centavos } = await paga();
    await estornar(id, 1, 'CONCLUIDO', centavos);
    ciclo.clock.set('2026-06-10T12:00:00Z');
    await ciclo.prazos.execute('TERMINO');
    expect(await ciclo.status(id)).toBe('CONCLUIDA');
    expect(await contar()).toBe(1);
    ciclo.clock.advance(SEMANA_MS);
    expect(await contar()).toBe(0);
  });

  it('are found without looking at the others', async () => {
    const plano: Array<Record<string, string>> = await ciclo.dataSource.query(`
      explain select from reservas where status in ('CONFIRMADA', 'CONCLUIDA') and valor_centavos > 0
        and (pago_em is null or estornado_centavos >= valor_centavos) and data_fim > now()`);
    expect(JSON.stringify(plano)).toContain('reservas_sem_pagamento_ix');
  });
});
