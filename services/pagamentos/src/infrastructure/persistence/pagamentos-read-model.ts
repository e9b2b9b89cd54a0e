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
} from '../../application/ports.ts';
import { visaoDe } from '../../application/visao-do-pagamento.ts';
import type { StatusPagamento } from '../../domain/contas.ts';
import { EventStore } from '../event-store.ts';

const PAGAMENTO = 'select * from pagamentos where id = $1';

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

interface PagamentoRow {
  readonly id: string;
  readonly reserva_id: string;
  readonly cliente_id: string;
  readonly centavos: string;
  readonly creditos: string;
  readonly moeda: string;
  readonly status: StatusPagamento;
  readonly checkout_url: string | null;
  readonly checkout_expira_em: Date | null;
  readonly estornado: string;
  readonly recusas: number;
  readonly criado_em: Date;
  readonly aprovado_em: Date | null;
  readonly atualizado_em: Date;
  readonly expira_em: Date;
}

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

/** Reads of the projections, outside any transaction. */
export class PostgresPagamentosReadModel implements PagamentosReadModel {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  async obter(pagamentoId: string): Promise<PagamentoView | undefined> {
    const [row]: PagamentoRow[] = await this.#dataSource.query(PAGAMENTO, [pagamentoId]);
    return row && pagamentoView(row);
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
    const estado = await new EventStore(this.#dataSource.manager).loadAt(pagamentoId, em);
    return estado.fase === 'INEXISTENTE' ? undefined : visaoDe(estado);
  }
}

function pagamentoView(row: PagamentoRow): PagamentoView {
  return {
    id: row.id,
    reservaId: row.reserva_id,
    clienteId: row.cliente_id,
    valor: Dinheiro.deCentavos(BigInt(row.centavos), row.moeda),
    creditos: Dinheiro.deCentavos(BigInt(row.creditos), row.moeda),
    status: row.status,
    checkoutUrl: row.checkout_url ?? '',
    estornado: Dinheiro.deCentavos(BigInt(row.estornado), row.moeda),
    recusas: row.recusas,
    criadoEm: row.criado_em,
    aprovadoEm: row.aprovado_em ?? undefined,
    atualizadoEm: row.atualizado_em,
    expiraEm: row.checkout_expira_em ?? row.expira_em,
  };
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
