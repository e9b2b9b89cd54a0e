import { isUniqueViolation } from '@plataforma/runtime/postgres';
import type { Sql } from '@plataforma/runtime/transaction';
import { ConcurrencyError } from '../application/concurrency.ts';
import type { PagamentoEvent } from '../domain/eventos.ts';
import { type EstadoPagamento, fold } from '../domain/pagamento.ts';
import { decode, type EventoArmazenado, encode, VERSAO_ESQUEMA } from './event-codec.ts';
import { decodeEstado, ESQUEMA_DO_ESTADO, encodeEstado } from './snapshot-codec.ts';

const MAX_VERSAO = 2 ** 31 - 1;

const READ = `
  select versao, tipo, versao_esquema, dados, ocorrido_em
  from eventos_pagamento where fluxo = $1 and versao <= $2 order by versao`;

/** One statement, so one view of the stream: the snapshot, if there is one, and the events after it. */
const retomarDe = (fluxo: string) => `
  with instantaneo as (select versao, estado from instantaneos_pagamento where fluxo = ${fluxo} and esquema = $2)
  select true as instantaneo, ${fluxo} as fluxo, versao, '' as tipo, 0 as versao_esquema, estado as dados, now() as ocorrido_em
  from instantaneo
  union all
  select false, fluxo, versao, tipo, versao_esquema, dados, ocorrido_em from eventos_pagamento
  where fluxo = ${fluxo} and versao > coalesce((select versao from instantaneo), 0)
  order by versao`;

const RETOMAR = retomarDe('$1::text');
const RETOMAR_POR_RESERVA = retomarDe('(select id from pagamentos where reserva_id = $1)');

// Clocks of two replicas may differ, so an instant does not cut a stream cleanly: what counts is the first event after it.
const RETOMAR_EM = `
  with ate as (
    select coalesce(min(versao) filter (where ocorrido_em > $3) - 1, max(versao), 0) as versao
    from eventos_pagamento where fluxo = $1),
  instantaneo as (
    select i.versao, i.estado from instantaneos_pagamento i, ate
    where i.fluxo = $1 and i.esquema = $2 and i.versao <= ate.versao)
  select true as instantaneo, versao, '' as tipo, 0 as versao_esquema, estado as dados, now() as ocorrido_em
  from instantaneo
  union all
  select false, e.versao, tipo, versao_esquema, dados, ocorrido_em from eventos_pagamento e, ate
  where fluxo = $1 and e.versao <= ate.versao and e.versao > coalesce((select versao from instantaneo), 0)
  order by versao`;

// Always newer than the one it replaces: its transaction has just appended to the stream, which only one can at a time.
const FOTOGRAFAR = `
  insert into instantaneos_pagamento (fluxo, versao, esquema, estado) values ($1, $2, $3, $4)
  on conflict (fluxo) do update set
    versao = excluded.versao, esquema = excluded.esquema, estado = excluded.estado, criado_em = now()`;

/** No more events than this are folded to know the state of a payment. */
const EVENTOS_POR_INSTANTANEO = 100;

const APPEND = `
  insert into eventos_pagamento (fluxo, versao, tipo, versao_esquema, dados, meta, ocorrido_em)
  select $1, $2::int + ordem, tipo, $3, dados, $4::jsonb, ocorrido_em
  from unnest($5::text[], $6::jsonb[], $7::timestamptz[]) with ordinality as e(tipo, dados, ocorrido_em, ordem)
  order by ordem`;

/** What work that waits follows from, as a column `rastro`: the last event of its stream. @param fluxo its name in SQL */
export const rastroDe = (fluxo: string) => `
  (select meta from eventos_pagamento where fluxo = ${fluxo} order by versao desc limit 1) as rastro`;

type Linha = EventoArmazenado & {
  readonly fluxo: string;
  readonly versao: number;
  readonly instantaneo: boolean;
};

/** An append-only table of events, one stream per payment, versions from 1 without gaps. */
export class EventStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** All events of a stream, oldest first, or those up to a version. */
  async read(fluxo: string, ateVersao = MAX_VERSAO): Promise<PagamentoEvent[]> {
    const rows: EventoArmazenado[] = await this.#sql.query(READ, [fluxo, ateVersao]);
    return rows.map((row) => decode(row));
  }

  /** The state of a stream and its version, from the latest snapshot on. */
  async stateOf(fluxo: string): Promise<{ versao: number; estado: EstadoPagamento }> {
    return retomado(await this.#sql.query(RETOMAR, [fluxo, ESQUEMA_DO_ESTADO]));
  }

  /** The same, of the stream whose payment charges a reservation; undefined when none does. */
  async stateOfReservation(
    reservaId: string,
  ): Promise<{ id: string; versao: number; estado: EstadoPagamento } | undefined> {
    const linhas: Linha[] = await this.#sql.query(RETOMAR_POR_RESERVA, [reservaId, ESQUEMA_DO_ESTADO]);
    const ultima = linhas.at(-1);
    return ultima && { id: ultima.fluxo, versao: ultima.versao, estado: retomar(linhas) };
  }

  /** The state after all that had happened up to an instant, and its version. */
  async stateAt(fluxo: string, em: Date): Promise<{ versao: number; estado: EstadoPagamento }> {
    return retomado(await this.#sql.query(RETOMAR_EM, [fluxo, ESQUEMA_DO_ESTADO, em]));
  }

  /** Keeps the state after every hundred events, to be called with each new version. */
  async snapshot(fluxo: string, anterior: number, versao: number, estado: EstadoPagamento): Promise<void> {
    const pagina = (n: number) => Math.floor(n / EVENTOS_POR_INSTANTANEO);
    if (pagina(versao) === pagina(anterior)) return;
    await this.#sql.query(FOTOGRAFAR, [fluxo, versao, ESQUEMA_DO_ESTADO, encodeEstado(estado)]);
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
      await this.#sql.query(APPEND, [
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

function retomado(linhas: readonly Linha[]): { versao: number; estado: EstadoPagamento } {
  return { versao: linhas.at(-1)?.versao ?? 0, estado: retomar(linhas) };
}

function retomar(
  linhas: ReadonlyArray<Pick<Linha, 'instantaneo' | keyof EventoArmazenado>>,
): EstadoPagamento {
  const foto = linhas.find((linha) => linha.instantaneo);
  const eventos = linhas.filter((linha) => !linha.instantaneo).map((linha) => decode(linha));
  return fold(eventos, foto && decodeEstado(foto.dados));
}
