import type { Sql } from '@plataforma/runtime/transaction';
import type {
  ConsultaDeHistorico,
  FiltroHistorico,
  LugarNoHistorico,
  RegistroLido,
} from '../application/ports.ts';

/** Columns of a record as it is read, of the table `h`. */
export const REGISTRO = `h.notificacao_id as "notificacaoId", h.sequencia, h.cliente_id as "clienteId", h.canal, h.modelo,
  h.reserva_id as "reservaId", h.tipo, h.detalhe, h.ocorrido_em as "ocorridoEm"`;

const page = (whose: string) => `
  select ${REGISTRO}
  from historico_notificacoes h
  where ${whose} and ($1 = '' or h.cliente_id = $1) and ($2 = '' or h.notificacao_id = $2)
    and ($3 or h.modelo <> 'BOAS_VINDAS')
    and (h.ocorrido_em, h.notificacao_id, h.sequencia) < ($4::timestamptz, $5, $6::int)
  order by h.ocorrido_em desc, h.notificacao_id desc, h.sequencia desc
  limit $7`;

const OF_PERSON = page('h.cliente_id = $1');
const OF_MESSAGE = page('h.notificacao_id = $2');

/** In front of the newest record. */
const INICIO = { ocorridoEm: 'infinity', notificacaoId: '', sequencia: 0 } as const;

/** Reads of the history, in PostgreSQL, by key and not by offset. */
export class PostgresConsultaDeHistorico implements ConsultaDeHistorico {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  listar(
    { clienteId, notificacaoId, boasVindas }: FiltroHistorico,
    limite: number,
    depoisDe: LugarNoHistorico | undefined,
  ): Promise<RegistroLido[]> {
    // Always a place, so that the index is entered at it, whichever page is asked for.
    const { ocorridoEm, notificacaoId: mensagem, sequencia } = depoisDe ?? INICIO;
    const lugar = [ocorridoEm, mensagem, sequencia];
    const texto = notificacaoId === '' ? OF_PERSON : OF_MESSAGE;
    return this.#sql.query(texto, [clienteId, notificacaoId, boasVindas, ...lugar, limite]);
  }
}
