import type { Sql } from '@plataforma/runtime/transaction';
import { creditosRetidos } from '../../pagamento/domain/contas.ts';
import { fold } from '../../pagamento/domain/pagamento.ts';
import { EventStore } from '../../pagamento/infrastructure/event-store.ts';
import type { Defeito } from './defeito.ts';

const PAGINA = 500;

// Payments that credit was ever set aside for, by their events or by the ledger.
const PAGAMENTOS = `
  with pagamentos_com_credito as (
    select fluxo from eventos_pagamento
    where (versao = 1 and tipo = 'CobrancaCriada' or tipo = 'CreditosUsados') and dados->'creditos'->>'centavos' <> '0'
    union select substr(conta, 11) from creditos_lancamentos where conta like 'pagamento:%')
  select fluxo, (select coalesce(sum(centavos), 0) from creditos_lancamentos where conta = 'pagamento:' || fluxo) as livro
  from pagamentos_com_credito where fluxo > $1 order by fluxo limit ${PAGINA}`;

// What the triggers hold, added up again: a person who changes entries might have switched them off.
const LOTES = `
  select l.id as fluxo, 0 as versao, 'the lot holds ' || l.restante || ' cents, its entries say ' || e.livro as problema
  from creditos_lotes l cross join lateral (
    select coalesce(sum(centavos), 0) as livro from creditos_lancamentos
    where lote = l.id and conta = 'cliente:' || l.cliente_id) e
  where l.restante <> e.livro order by 1`;

const TRANSACOES = `
  select transacao as fluxo, 0 as versao, 'entries of lot ' || lote || ' do not add up to zero' as problema
  from creditos_lancamentos group by transacao, lote having sum(centavos) <> 0 order by 1`;

const MOVIMENTOS = `
  select coalesce(c.cliente_id, m.cliente_id) as fluxo, 0 as versao,
    'the movements tell of ' || coalesce(m.saldo, 0) || ' cents of credit, the ledger of ' || coalesce(c.saldo, 0)
      as problema
  from (select substr(conta, 9) as cliente_id, sum(centavos) as saldo from creditos_lancamentos
        where conta like 'cliente:%' group by conta) c
  full join (
    select cliente_id,
      sum(case when tipo in ('CREDITO_CONCEDIDO', 'CREDITO_DEVOLVIDO') then centavos else -centavos end) as saldo
    from transacoes where tipo like 'CREDITO%' group by cliente_id) m using (cliente_id)
  where coalesce(m.saldo, 0) <> coalesce(c.saldo, 0) order by 1`;

/** Compares the ledger of credits with itself, with the events of the payments and with the movements. Reads only. */
export async function verificarCreditos(sql: Sql): Promise<readonly Defeito[]> {
  const defeitos = await verificarPagamentos(sql);
  for (const pergunta of [LOTES, TRANSACOES, MOVIMENTOS])
    defeitos.push(...(await sql.query<Defeito[]>(pergunta)));
  return defeitos;
}

async function verificarPagamentos(sql: Sql): Promise<Defeito[]> {
  const store = new EventStore(sql);
  const defeitos: Defeito[] = [];
  let depoisDe = '';
  for (;;) {
    const pagina: Array<{ fluxo: string; livro: string }> = await sql.query(PAGAMENTOS, [depoisDe]);
    for (const { fluxo, livro } of pagina) {
      const eventos = await store.read(fluxo);
      const cobranca = fold(eventos);
      const retidos = cobranca.fase === 'INEXISTENTE' ? 0n : creditosRetidos(cobranca);
      const problema = `the events keep ${retidos} cents of credit, the ledger ${livro}`;
      if (retidos !== BigInt(livro)) defeitos.push({ fluxo, versao: eventos.length, problema });
      depoisDe = fluxo;
    }
    if (pagina.length < PAGINA) return defeitos;
  }
}
