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

// What no payment tells: credit that was given, and credit that expired.
const MOVIMENTOS = `
  insert into transacoes (id, reserva_id, cliente_id, tipo, centavos, moeda, ocorrida_em)
  select l.transacao, case when l.lote like 'bonus:%' and l.conta = '${BONUS}' then substr(l.lote, 7) end, t.cliente_id,
    case l.conta when '${BONUS}' then 'CREDITO_CONCEDIDO' else 'CREDITO_EXPIRADO' end, abs(l.centavos), 'BRL', l.em
  from creditos_lancamentos l join creditos_lotes t on t.id = l.lote
  where l.conta in ('${BONUS}', '${EXPIRADOS}') and ($1::text is null or l.transacao = $1)`;

export interface NovoLote {
  readonly id: string;
  readonly clienteId: string;
  readonly centavos: bigint;
  readonly criadoEm: Date;
  readonly expiraEm: Date;
}

/** An empty lot; false when it exists already. */
export async function abrirLote(manager: Sql, lote: NovoLote): Promise<boolean> {
  const { id, clienteId, centavos, criadoEm, expiraEm } = lote;
  const novos: unknown[] = await manager.query(ABRIR_LOTE, [
    id,
    clienteId,
    String(centavos),
    criadoEm,
    expiraEm,
  ]);
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
export async function lancar(manager: Sql, lancamento: Lancamento): Promise<void> {
  const { transacao, lote, de, para, centavos, em } = lancamento;
  await manager.query(LANCAR, [transacao, lote, de, para, String(centavos), em]);
}

/** Lists what was given or has expired among the movements: by one transaction, or by all of them. */
export async function listarEntreOsMovimentos(manager: Sql, transacao?: string): Promise<void> {
  await manager.query(MOVIMENTOS, [transacao]);
}
