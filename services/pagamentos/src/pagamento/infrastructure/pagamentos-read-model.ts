import { Dinheiro } from '@plataforma/domain/dinheiro';
import { autocommit } from '@plataforma/runtime/transaction';
import type { DataSource } from 'typeorm';
import type {
  EventoView,
  FiltroTransacoes,
  PagamentosReadModel,
  PagamentoVersionado,
  PagamentoView,
  TransacaoView,
} from '../application/ports.ts';
import { visaoDe } from '../application/visao-do-pagamento.ts';
import { EventStore } from './event-store.ts';

const TRANSACOES = `
  select * from transacoes
  where ($1::text is null or cliente_id = $1)
    and ($2::text is null or reserva_id = $2)
    and ($3::timestamptz is null or ocorrida_em >= $3)
    and ($4::timestamptz is null or ocorrida_em < $4)
    and ($5::timestamptz is null or (ocorrida_em, id) < ($5, $6::text))
    and ($8::text is null or tipo = $8)
    and ($9::text is null or pagamento_id = $9)
  order by ocorrida_em desc, id desc
  limit $7`;

const EVENTOS = `
  select versao, tipo, ocorrido_em as "ocorridoEm", dados::text as dados
  from eventos_pagamento where fluxo = $1 and versao > $2 order by versao limit $3`;

export interface TransacaoRow {
  readonly id: string;
  readonly pagamento_id: string | null;
  readonly reserva_id: string | null;
  readonly cliente_id: string;
  readonly tipo: TransacaoView['tipo'];
  readonly centavos: string;
  readonly moeda: string;
  readonly ocorrida_em: Date;
}

/** Reads outside any transaction: of the projections, and of a payment itself by its events. */
export class PostgresPagamentosReadModel implements PagamentosReadModel {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  async obter(pagamentoId: string): Promise<PagamentoView | undefined> {
    return visao(await new EventStore(autocommit(this.#dataSource)).load(pagamentoId));
  }

  async idPorReserva(reservaId: string): Promise<string | undefined> {
    const sql = 'select id from pagamentos where reserva_id = $1';
    const [row]: Array<{ id: string }> = await autocommit(this.#dataSource).query(sql, [reservaId]);
    return row?.id;
  }

  porReserva(reservaId: string): Promise<PagamentoVersionado | undefined> {
    return new EventStore(autocommit(this.#dataSource)).loadByReservation(reservaId);
  }

  async idPorIntencao(intencaoId: string): Promise<string | undefined> {
    const sql = 'select id from pagamentos where intencao_id = $1';
    const [row]: Array<{ id: string }> = await autocommit(this.#dataSource).query(sql, [intencaoId]);
    return row?.id;
  }

  async listarTransacoes(filtro: FiltroTransacoes): Promise<readonly TransacaoView[]> {
    const { clienteId, reservaId, inicio, fim, depoisDe, limite, tipo, pagamentoId } = filtro;
    const rows: TransacaoRow[] = await this.#dataSource.query(TRANSACOES, [
      clienteId,
      reservaId,
      inicio,
      fim,
      depoisDe?.em,
      depoisDe?.id,
      limite,
      tipo,
      pagamentoId,
    ]);
    return rows.map(transacaoView);
  }

  listarEventos(pagamentoId: string, depoisDe: number, limite: number): Promise<readonly EventoView[]> {
    return this.#dataSource.query(EVENTOS, [pagamentoId, depoisDe, limite]);
  }

  async obterEm(pagamentoId: string, em: Date): Promise<PagamentoView | undefined> {
    return visao(await new EventStore(this.#dataSource.manager).loadAt(pagamentoId, em));
  }
}

function visao({ estado, versao }: Omit<PagamentoVersionado, 'id'>): PagamentoView | undefined {
  return estado.fase === 'INEXISTENTE' ? undefined : visaoDe(estado, versao);
}

export function transacaoView(row: TransacaoRow): TransacaoView {
  return {
    id: row.id,
    pagamentoId: row.pagamento_id ?? '',
    reservaId: row.reserva_id ?? '',
    clienteId: row.cliente_id,
    tipo: row.tipo,
    valor: Dinheiro.deCentavos(BigInt(row.centavos), row.moeda),
    ocorridaEm: row.ocorrida_em,
  };
}
