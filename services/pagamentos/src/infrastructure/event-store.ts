import { isUniqueViolation } from '@plataforma/runtime/postgres';
import type { EntityManager } from 'typeorm';
import { ConcurrencyError } from '../application/concorrencia.ts';
import type { PagamentoEvent } from '../domain/eventos.ts';
import { decode, type EventoArmazenado, encode, VERSAO_ESQUEMA } from './event-codec.ts';

const READ = `
  select versao, tipo, versao_esquema, dados, ocorrido_em
  from eventos_pagamento where fluxo = $1 order by versao`;

const APPEND = `
  insert into eventos_pagamento (fluxo, versao, tipo, versao_esquema, dados, meta, ocorrido_em)
  select $1, $2::int + ordem, tipo, $3, dados, $4::jsonb, ocorrido_em
  from unnest($5::text[], $6::jsonb[], $7::timestamptz[]) with ordinality as e(tipo, dados, ocorrido_em, ordem)
  order by ordem`;

/** An append-only table of events, one stream per payment, versions from 1 without gaps. */
export class EventStore {
  readonly #manager: EntityManager;

  constructor(manager: EntityManager) {
    this.#manager = manager;
  }

  /** All events of a stream, oldest first. */
  async read(fluxo: string): Promise<PagamentoEvent[]> {
    const rows: EventoArmazenado[] = await this.#manager.query(READ, [fluxo]);
    return rows.map(decode);
  }

  /**
   * Writes the events as versions `versao + 1` onwards.
   *
   * @throws ConcurrencyError when the stream has gone past `versao`; the surrounding transaction is lost then.
   */
  async append(
    fluxo: string,
    versao: number,
    eventos: readonly PagamentoEvent[],
    meta: Readonly<Record<string, string>>,
  ): Promise<void> {
    try {
      await this.#manager.query(APPEND, [
        fluxo,
        versao,
        VERSAO_ESQUEMA,
        JSON.stringify(meta),
        eventos.map(({ tipo }) => tipo),
        eventos.map(encode),
        eventos.map(({ em }) => em),
      ]);
    } catch (error) {
      if (!isUniqueViolation(error, 'eventos_pagamento_fluxo_uq')) throw error;
      throw new ConcurrencyError(`stream ${fluxo} has gone past version ${versao}`, { cause: error });
    }
  }
}
