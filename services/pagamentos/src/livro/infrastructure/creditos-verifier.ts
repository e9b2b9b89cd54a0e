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
  with livro as (
    select l.id as lote, sum(e.centavos) as restante
    from creditos_lotes l join creditos_lancamentos e on e.lote = l.id and e.conta = 'cliente:' || l.cliente_id
    group by l.id)
  select l.id as fluxo, 0 as versao,
    'the lot holds ' || l.restante || ' cents, its entries say ' || coalesce(livro.restante, 0) as problema
  from creditos_lotes l left join livro on livro.lote = l.id
  where l.restante <> coalesce(livro.restante, 0) order by 1`;

const TRANSACOES = `
  select transacao as fluxo, 0 as versao, 'entries of lot ' || lote || ' do not add up to zero' as problema
  from creditos_lancamentos group by transacao, lote having sum(centavos) <> 0 order by 1`;

const MOVIMENTOS = `
  with livro as (
    select substr(conta, 9) as cliente_id, sum(centavos) as saldo
    from creditos_lancamentos where conta like 'cliente:%' group by conta),
  movimentos as (
    select cliente_id, sum(case when tipo in ('CREDITO_CONCEDIDO', 'CREDITO_DEVOLVIDO') then centavos else -centavos end) as saldo
    from transacoes where tipo like 'CREDITO%' group by cliente_id),
  saldos as (
    select cliente_id, coalesce(movimentos.saldo, 0) as dos_movimentos, coalesce(livro.saldo, 0) as do_livro
    from livro full join movimentos using (cliente_id))
  select cliente_id as fluxo, 0 as versao,
    'the movements tell of ' || dos_movimentos || ' cents of credit, the ledger of ' || do_livro as problema
  from saldos where dos_movimentos <> do_livro order by 1`;

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
