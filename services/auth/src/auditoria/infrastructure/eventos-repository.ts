import type { Posicao } from '@plataforma/domain/page-token';
import type { Sql } from '@plataforma/runtime/transaction';
import type {
  Auditoria,
  ConsultaDeEventos,
  EventoRegistrado,
  FiltroDeEventos,
  ObservadorDaAuditoria,
} from '../application/ports.ts';
import {
  type EventoDeSeguranca,
  type Resultado,
  type TipoEvento,
  umPorMinuto,
} from '../domain/evento-de-seguranca.ts';

const INSERT = `
  insert into eventos_seguranca
    (tipo, resultado, autor_id, usuario_id, detalhe, endereco, dispositivo, requisicao, em, minuto)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, case when $10::boolean then date_trunc('minute', $9::timestamptz) end)
  on conflict do nothing`;

const LISTAR = `
  select id, tipo, resultado, autor_id, usuario_id, detalhe, endereco, dispositivo, requisicao, em
  from eventos_seguranca
  where ($1::text is null or usuario_id = $1)
    and ($2::text is null or autor_id = $2)
    and ($3::text is null or tipo = $3)
    and ($4::timestamptz is null or em >= $4)
    and ($5::timestamptz is null or em < $5)
    and ($6::timestamptz is null or (em, id) < ($6, $7::bigint))
  order by em desc, id desc
  limit $8`;

interface Row {
  readonly id: string;
  readonly tipo: TipoEvento;
  readonly resultado: Resultado;
  readonly autor_id: string | null;
  readonly usuario_id: string | null;
  readonly detalhe: string;
  readonly endereco: string;
  readonly dispositivo: string;
  readonly requisicao: string;
  readonly em: Date;
}

/** Calls this when an event is there to stay. */
type Depois = (tell: () => void) => void;

/** Security events in the table `eventos_seguranca`, which takes no changes. */
export class PostgresEventos implements Auditoria, ConsultaDeEventos {
  readonly #sql: Sql;
  readonly #observador: ObservadorDaAuditoria;
  readonly #depois: Depois;

  /** @param depois of a transaction: after its commit; left out, statements commit by themselves */
  constructor(sql: Sql, observador: ObservadorDaAuditoria, depois: Depois = (tell) => tell()) {
    this.#sql = sql;
    this.#observador = observador;
    this.#depois = depois;
  }

  async registrar(evento: EventoDeSeguranca): Promise<void> {
    const { tipo, resultado, autorId, usuarioId, detalhe = '', origem, em } = evento;
    const { endereco, dispositivo, requisicao = '' } = origem;
    const quem = [autorId ?? null, usuarioId ?? null, detalhe];
    const deOnde = [endereco, dispositivo, requisicao];
    await this.#sql.query(INSERT, [tipo, resultado, ...quem, ...deOnde, em, umPorMinuto(evento)]);
    this.#depois(() => this.#observador.aconteceu(evento));
  }

  async listar(
    { usuarioId, autorId, tipo, inicio, fim }: FiltroDeEventos,
    depoisDe: Posicao | undefined,
    maximo: number,
  ): Promise<readonly EventoRegistrado[]> {
    const filtro = [usuarioId, autorId, tipo, inicio, fim].map((valor) => valor ?? null);
    const posicao = [depoisDe?.ordem ?? null, depoisDe?.id ?? null];
    const rows: Row[] = await this.#sql.query(LISTAR, [...filtro, ...posicao, maximo]);
    return rows.map(registrado);
  }
}

function registrado({
  autor_id,
  usuario_id,
  endereco,
  dispositivo,
  requisicao,
  ...row
}: Row): EventoRegistrado {
  return {
    ...row,
    ...(autor_id !== null && { autorId: autor_id }),
    ...(usuario_id !== null && { usuarioId: usuario_id }),
    origem: { endereco, dispositivo, requisicao },
  };
}
