import { answersOf } from '@plataforma/domain/answers-of';
import { inTransaction, type Sql } from '@plataforma/runtime/transaction';
import type { DataSource } from 'typeorm';
import { listarEntreOsMovimentos } from '../../creditos/infrastructure/lancamentos.ts';
import { fold } from '../../pagamento/domain/pagamento.ts';
import { EventStore } from '../../pagamento/infrastructure/event-store.ts';
import { projetar } from '../../pagamento/infrastructure/projecao.ts';

const FLUXOS = `
  select distinct fluxo from eventos_pagamento where fluxo > $1 order by fluxo limit 500`;

// What was compared with the provider, and what reservas has told, no event says.
const GUARDAR = `
  create temporary table guardados on commit drop as select id, verificar_em, aproveitado from pagamentos`;

const DEVOLVER = `
  update pagamentos p set verificar_em = g.verificar_em, aproveitado = g.aproveitado
  from guardados g
  where g.id = p.id and (p.verificar_em, p.aproveitado) is distinct from (g.verificar_em, g.aproveitado)`;

/** Payments of which there was no row. */
const APROVEITAR = `
  update pagamentos p set aproveitado = true from desfechos_reserva d where d.pagamento_id = p.id and not p.aproveitado`;

/**
 * Empties every projection and writes it anew from the events and the ledger of credits, in one transaction: readers see
 * the old tables until it commits, writers wait for it and give up after the lock timeout. Queues start afresh, due now. Nothing is announced again, and no credit
 * moves. Answers how many payments there are.
 */
export async function reconstruirProjecoes(dataSource: DataSource): Promise<number> {
  return inTransaction(dataSource, async (sql) => {
    await sql.query('lock table eventos_pagamento, pagamentos in exclusive mode');
    await sql.query(GUARDAR);
    await esvaziar(sql);
    const store = new EventStore(sql);
    let total = 0;
    let depoisDe = '';
    for (;;) {
      const fluxos: Array<{ fluxo: string }> = await sql.query(FLUXOS, [depoisDe]);
      for (const { fluxo } of fluxos) await reconstruir(sql, store, fluxo);
      total += fluxos.length;
      depoisDe = fluxos.at(-1)?.fluxo ?? '';
      if (fluxos.length > 0) continue;
      await listarEntreOsMovimentos(sql);
      await sql.query(DEVOLVER);
      await sql.query(APROVEITAR);
      return total;
    }
  });
}

/** Movements are append-only for everybody else. */
async function esvaziar(sql: Sql): Promise<void> {
  await sql.query('alter table transacoes disable trigger transacoes_so_acrescentar');
  for (const tabela of [
    'transacoes',
    'estornos',
    'encerramentos_pendentes',
    'checkouts_pendentes',
    'pagamentos',
  ])
    await sql.query(`delete from ${tabela}`);
  await sql.query('alter table transacoes enable trigger transacoes_so_acrescentar');
}

async function reconstruir(sql: Sql, store: EventStore, fluxo: string): Promise<void> {
  const eventos = await store.read(fluxo);
  const estado = fold(eventos);
  if (estado.fase === 'INEXISTENTE') throw new Error(`stream ${fluxo} does not begin with a charge`);
  const numerados = eventos.map((evento, i) => ({ evento, versao: i + 1 }));
  const agora = { id: fluxo, versao: eventos.length, estado };
  await answersOf(projetar(sql, { fase: 'INEXISTENTE' }, agora, estado, numerados));
}
