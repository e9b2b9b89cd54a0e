import type { Sql } from '@plataforma/runtime/transaction';

/** Accounts of the platform: where credit comes from, where it ends, and where it passes when a lot replaces another. */
export const BONUS = 'plataforma:bonus';
export const EXPIRADOS = 'plataforma:expirados';
export const RENOVADOS = 'plataforma:renovados';

export const contaDoCliente = (clienteId: string): string => `cliente:${clienteId}`;
export const contaDoPagamento = (pagamentoId: string): string => `pagamento:${pagamentoId}`;

const ABRIR_LOTE = `
  insert into creditos_lotes (id, cliente_id, centavos, criado_em, expira_em) values ($1, $2, $3, $4, $5)
  on conflict (id) do nothing
  returning id`;

const LANCAR = `
  insert into creditos_lancamentos (transacao, lote, conta, centavos, em)
  values ($1, $2, $3, -$5::bigint, $6), ($1, $2, $4, $5::bigint, $6)`;

// What no payment tells: credit that was given, some of it for a reservation, and credit that expired.
const MOVIMENTOS = `
  with concedidos as (
    select transacao, lote, 'CREDITO_CONCEDIDO' as tipo, -centavos as centavos, em,
      case when lote like 'bonus:%' then substr(lote, 7) end as reserva_id
    from creditos_lancamentos where conta = '${BONUS}'),
  expirados as (
    select transacao, lote, 'CREDITO_EXPIRADO' as tipo, centavos, em, null::text as reserva_id
    from creditos_lancamentos where conta = '${EXPIRADOS}'),
  movimentos as (select * from concedidos union all select * from expirados)
  insert into transacoes (id, reserva_id, cliente_id, tipo, centavos, moeda, ocorrida_em)
  select m.transacao, m.reserva_id, l.cliente_id, m.tipo, m.centavos, 'BRL', m.em
  from movimentos m join creditos_lotes l on l.id = m.lote
  where $1::text is null or m.transacao = $1`;

export interface NovoLote {
  readonly id: string;
  readonly clienteId: string;
  readonly centavos: bigint;
  readonly criadoEm: Date;
  readonly expiraEm: Date;
}

/** An empty lot; false when it exists already. */
export async function abrirLote(sql: Sql, lote: NovoLote): Promise<boolean> {
  const { id, clienteId, centavos, criadoEm, expiraEm } = lote;
  const novos: unknown[] = await sql.query(ABRIR_LOTE, [id, clienteId, String(centavos), criadoEm, expiraEm]);
  return novos.length === 1;
}

export interface Lancamento {
  /** What moves it, as an identity. */
  readonly transacao: string;
  readonly lote: string;
  readonly de: string;
  readonly para: string;
  readonly centavos: bigint;
  readonly em: Date;
}

/** Moves credit of a lot from one account to another: it never comes from nowhere. */
export async function lancar(sql: Sql, lancamento: Lancamento): Promise<void> {
  const { transacao, lote, de, para, centavos, em } = lancamento;
  await sql.query(LANCAR, [transacao, lote, de, para, String(centavos), em]);
}

/** Lists what was given or has expired among the movements: by one transaction, or by all of them. */
export async function listarEntreOsMovimentos(sql: Sql, transacao?: string): Promise<void> {
  await sql.query(MOVIMENTOS, [transacao]);
}
