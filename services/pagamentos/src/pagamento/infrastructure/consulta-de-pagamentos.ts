import { autocommit } from '@plataforma/runtime/transaction';
import type { DataSource } from 'typeorm';
import type { ConsultaDePagamentos, EventoView, PagamentoView } from '../application/ports.ts';
import { visaoDe } from '../application/visao-do-pagamento.ts';
import type { PagamentoVersionado } from '../domain/pagamentos-repository.ts';
import { decode, type EventoArmazenado } from './event-codec.ts';
import { EventStore } from './event-store.ts';

const EVENTOS = `
  select versao, tipo, versao_esquema, dados, ocorrido_em
  from eventos_pagamento where fluxo = $1 and versao > $2 order by versao limit $3`;

/** Reads outside any transaction: of the projections, and of a payment itself by its events. */
export class PostgresConsultaDePagamentos implements ConsultaDePagamentos {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  async findById(pagamentoId: string, em?: Date): Promise<PagamentoView | undefined> {
    const store = new EventStore(autocommit(this.#dataSource));
    return visao(await (em ? store.stateAt(pagamentoId, em) : store.stateOf(pagamentoId)));
  }

  async idPorReserva(reservaId: string): Promise<string | undefined> {
    const sql = 'select id from pagamentos where reserva_id = $1';
    const [row]: Array<{ id: string }> = await autocommit(this.#dataSource).query(sql, [reservaId]);
    return row?.id;
  }

  porReserva(reservaId: string): Promise<PagamentoVersionado | undefined> {
    return new EventStore(autocommit(this.#dataSource)).stateOfReservation(reservaId);
  }

  async idPorIntencao(intencaoId: string): Promise<string | undefined> {
    const sql = 'select id from pagamentos where intencao_id = $1';
    const [row]: Array<{ id: string }> = await autocommit(this.#dataSource).query(sql, [intencaoId]);
    return row?.id;
  }

  async listarEventos(pagamentoId: string, depoisDe: number, limite: number): Promise<readonly EventoView[]> {
    const parametros = [pagamentoId, depoisDe, limite];
    const linhas: Array<EventoArmazenado & { versao: number }> = await this.#dataSource.query(
      EVENTOS,
      parametros,
    );
    return linhas.map((linha) => ({ versao: linha.versao, evento: decode(linha) }));
  }
}

function visao({ estado, versao }: Omit<PagamentoVersionado, 'id'>): PagamentoView | undefined {
  return estado.fase === 'INEXISTENTE' ? undefined : visaoDe(estado, versao);
}
