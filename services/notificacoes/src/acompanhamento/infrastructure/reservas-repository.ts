import type { Sql } from '@plataforma/runtime/transaction';
import type { ReservasRepository } from '../application/ports.ts';
import type { ReservaAcompanhada } from '../domain/reserva-acompanhada.ts';

/** Before the lock, since a row that is not there cannot be locked. */
const ENSURE = 'insert into reservas (reserva_id) values ($1) on conflict (reserva_id) do nothing';

const LOCK = `
  select reserva_id as "reservaId", confirmada_na_versao as "confirmadaNaVersao",
    cancelada_na_versao as "canceladaNaVersao", expirada_na_versao as "expiradaNaVersao", detalhes,
    detalhes_da_versao as "detalhesDaVersao", expira_em as "expiraEm", checkout_url as "checkoutUrl",
    checkout_da_versao as "checkoutDaVersao", oferta, recusas, movimentos, cancelamento,
    cobranca_cancelada_em as "cobrancaCanceladaEm", cobranca, aprovada_em as "aprovadaEm"
  from reservas where reserva_id = $1
  for update`;

const SAVE = `
  update reservas
  set confirmada_na_versao = $2, cancelada_na_versao = $3, expirada_na_versao = $4, detalhes = $5,
    detalhes_da_versao = $6, expira_em = $7, checkout_url = $8, checkout_da_versao = $9, recusas = $10,
    oferta = $11, movimentos = $12, cancelamento = $13, cobranca_cancelada_em = $14, cobranca = $15,
    aprovada_em = $16, atualizada_em = now()
  where reserva_id = $1`;

type Row = Omit<
  ReservaAcompanhada,
  'detalhes' | 'expiraEm' | 'oferta' | 'cancelamento' | 'cobrancaCanceladaEm' | 'cobranca' | 'aprovadaEm'
> & {
  readonly cobranca: ReservaAcompanhada['cobranca'] | null;
  readonly aprovadaEm: Date | null;
  readonly cancelamento: ReservaAcompanhada['cancelamento'] | null;
  readonly cobrancaCanceladaEm: Date | null;
  readonly oferta: ReservaAcompanhada['oferta'] | null;
  readonly detalhes: ReservaAcompanhada['detalhes'] | null;
  readonly expiraEm: Date | null;
};

/** What is known of reservations, in PostgreSQL. */
export class PostgresReservasRepository implements ReservasRepository {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async abrir(reservaId: string): Promise<ReservaAcompanhada> {
    const [, [linha]] = await Promise.all([
      this.#sql.query(ENSURE, [reservaId]),
      this.#sql.query<Row[]>(LOCK, [reservaId]),
    ]);
    if (linha === undefined) throw new Error(`the row of ${reservaId} is gone`);
    const { detalhes, expiraEm, oferta, cancelamento, cobrancaCanceladaEm, cobranca, aprovadaEm } = linha;
    return {
      ...linha,
      detalhes: detalhes ?? undefined,
      expiraEm: expiraEm ?? undefined,
      oferta: oferta ?? undefined,
      cancelamento: cancelamento ?? undefined,
      cobrancaCanceladaEm: cobrancaCanceladaEm ?? undefined,
      cobranca: cobranca ?? undefined,
      aprovadaEm: aprovadaEm ?? undefined,
    };
  }

  async save(reserva: ReservaAcompanhada): Promise<void> {
    const { reservaId, confirmadaNaVersao, canceladaNaVersao, expiradaNaVersao } = reserva;
    const { detalhes, detalhesDaVersao, expiraEm, checkoutUrl, checkoutDaVersao, oferta, recusas } = reserva;
    const { movimentos, cancelamento, cobrancaCanceladaEm, cobranca, aprovadaEm } = reserva;
    await this.#sql.query(SAVE, [
      reservaId,
      confirmadaNaVersao,
      canceladaNaVersao,
      expiradaNaVersao,
      detalhes === undefined ? null : JSON.stringify(detalhes),
      detalhesDaVersao,
      expiraEm ?? null,
      checkoutUrl,
      checkoutDaVersao,
      recusas,
      oferta === undefined ? null : JSON.stringify(oferta),
      JSON.stringify(movimentos),
      cancelamento === undefined ? null : JSON.stringify(cancelamento),
      cobrancaCanceladaEm ?? null,
      cobranca === undefined ? null : JSON.stringify(cobranca),
      aprovadaEm ?? null,
    ]);
  }
}
