import { type Secao, secaoSql } from '@plataforma/runtime/personal-export';
import type { Sql } from '@plataforma/runtime/transaction';

/** Tables of this database in which nothing is exported, and why. */
export const FORA: Readonly<Record<string, string>> = {
  checkouts_pendentes: 'work on payments',
  clientes_removidos: 'about accounts that are gone',
  desfechos_reserva: 'about reservations, which reservas tells of',
  encerramentos_pendentes: 'work on payments',
  eventos_pagamento: 'what the projections are made of: payments, refunds and movements tell the same',
  instantaneos_pagamento: 'shortcuts through those events',
  reconciliacoes: 'nothing any more',
  webhooks_stripe:
    'messages of the payment provider with its codes, for 90 days; what they did is in the payments',
};

const CREDITOS = `
  select criado_em::text || '|' || id as chave, id, centavos::float8 as centavos, restante::float8 as restante,
    criado_em as "criadoEm", expira_em as "expiraEm"
  from creditos_lotes
  where cliente_id = $1 and (criado_em, id) > (
    coalesce(split_part(nullif($2, ''), '|', 1)::timestamptz, '-infinity'), split_part($2, '|', 2))
  order by criado_em, creditos_lotes.id limit $3`;

/** Without the codes of the provider. */
const ESTORNOS = `
  select p.criado_em::text || '|' || p.id || '|' || e.numero as chave, e.pagamento_id as "pagamentoId", e.numero,
    e.centavos::float8 as centavos, e.moeda, e.origem, e.meio, e.situacao, e.solicitado_em as "solicitadoEm"
  from pagamentos p join estornos e on e.pagamento_id = p.id
  where p.cliente_id = $1
    and (p.criado_em, p.id) >= (
      coalesce(split_part(nullif($2, ''), '|', 1)::timestamptz, '-infinity'), split_part($2, '|', 2))
    and (p.criado_em, p.id, e.numero) > (
      coalesce(split_part(nullif($2, ''), '|', 1)::timestamptz, '-infinity'), split_part($2, '|', 2),
      coalesce(nullif(split_part($2, '|', 3), '')::integer, 0))
  order by p.criado_em, p.id, e.numero limit $3`;

const LANCAMENTOS = `
  select l.id::text as chave, l.lote, l.transacao, l.conta, l.centavos::float8 as centavos, l.em
  from creditos_lotes t join creditos_lancamentos l on l.lote = t.id
  where t.cliente_id = $1 and l.id > coalesce(nullif($2, '')::bigint, 0)
  order by l.id limit $3`;

/** Without the addresses and codes of the provider. */
const PAGAMENTOS = `
  select criado_em::text || '|' || id as chave, id, reserva_id as "reservaId", descricao, status,
    centavos::float8 as centavos, moeda, creditos::float8 as creditos, excedente::float8 as excedente,
    estornado::float8 as estornado, recusas, expira_em as "expiraEm", criado_em as "criadoEm",
    aprovado_em as "aprovadoEm", atualizado_em as "atualizadoEm"
  from pagamentos
  where cliente_id = $1 and (criado_em, id) > (
    coalesce(split_part(nullif($2, ''), '|', 1)::timestamptz, '-infinity'), split_part($2, '|', 2))
  order by criado_em, pagamentos.id limit $3`;

const TRANSACOES = `
  select ocorrida_em::text || '|' || id as chave, pagamento_id as "pagamentoId", reserva_id as "reservaId", tipo,
    centavos::float8 as centavos, moeda, ocorrida_em as "ocorridoEm"
  from transacoes
  where cliente_id = $1 and (ocorrida_em, id) > (
    coalesce(split_part(nullif($2, ''), '|', 1)::timestamptz, '-infinity'), split_part($2, '|', 2))
  order by ocorrida_em, transacoes.id limit $3`;

/** What pagamentos knows about a person, in the order of the archive. */
export function secoesDePagamentos(sql: Sql): readonly Secao[] {
  return [
    secaoSql(sql, 'pagamentos.creditos', ['creditos_lotes'], CREDITOS),
    secaoSql(sql, 'pagamentos.estornos', ['estornos'], ESTORNOS),
    secaoSql(sql, 'pagamentos.lancamentosDeCredito', ['creditos_lancamentos'], LANCAMENTOS),
    secaoSql(sql, 'pagamentos.pagamentos', ['pagamentos'], PAGAMENTOS),
    secaoSql(sql, 'pagamentos.transacoes', ['transacoes'], TRANSACOES),
  ];
}
