import type { Sql } from '@plataforma/runtime/transaction';
import type { DataSource } from 'typeorm';
import type { DiarioDaSaga, RegistrosDaSaga, Sagas } from '../../application/ports.ts';
import type { OcorrenciaDaSaga } from '../../application/sagas/ocorrencia.ts';
import type { PassoHistorico } from '../../domain/estado-reserva.ts';
import { type ReservaRow, reservaFromRow } from './reserva-row.ts';

const ANOTAR = `
  insert into saga_ocorrencias (reserva_id, fato, comando, resultado, versao, porque, mensagem_id, em)
  select id, $2, $3, $4, $5, $6, $7, $8 from reservas where id = $1`;

const OCORRENCIAS = `
  select reserva_id as "reservaId", fato, comando, resultado, versao, porque, mensagem_id as "mensagemId", em
  from saga_ocorrencias where reserva_id = $1 order by posicao desc limit $2`;

const HISTORICO = `
  select versao, evento, de_status as de, para_status as para, quem, porque, em
  from reservas_historico where reserva_id = $1 order by versao desc limit $2`;

const POR_PUBLICAR = `
  select count(*)::int as total from outbox
  where agregado_tipo = 'reserva' and agregado_id = $1 and enviado_em is null`;

/** Longest text of an error that is kept. */
const MAX_PORQUE = 500;

/** Table `saga_ocorrencias`, in the transaction of the effect. */
export class PostgresDiarioDaSaga implements DiarioDaSaga {
  readonly #manager: Sql;

  constructor(manager: Sql) {
    this.#manager = manager;
  }

  async anotar(ocorrencia: OcorrenciaDaSaga): Promise<void> {
    const { reservaId, fato, comando, resultado, versao, porque, mensagemId, em } = ocorrencia;
    const texto = porque.slice(0, MAX_PORQUE);
    await this.#manager.query(ANOTAR, [reservaId, fato, comando, resultado, versao, texto, mensagemId, em]);
  }
}

/** Reads of the primary: whoever looks at a saga wants to know how it stands now. */
export class PostgresSagas implements Sagas {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  registros(reservaId: string, maximo: number): Promise<RegistrosDaSaga | undefined> {
    // One snapshot, so that the parts fit each other.
    return this.#dataSource.transaction('REPEATABLE READ', async (manager) => {
      const [row]: ReservaRow[] = await manager.query('select * from reservas where id = $1', [reservaId]);
      if (!row) return undefined;
      const historico: PassoRow[] = await manager.query(HISTORICO, [reservaId, maximo]);
      const ocorrencias: OcorrenciaRow[] = await manager.query(OCORRENCIAS, [reservaId, maximo]);
      const [{ total }]: [{ total: number }] = await manager.query(POR_PUBLICAR, [reservaId]);
      return {
        reserva: reservaFromRow(row),
        historico: historico.map((passo) => ({ ...passo, de: passo.de ?? undefined })).reverse(),
        ocorrencias: ocorrencias.map((uma) => ({ ...uma, versao: uma.versao ?? undefined })).reverse(),
        porPublicar: total,
      };
    });
  }
}

type PassoRow = Omit<PassoHistorico, 'de'> & { readonly de: PassoHistorico['para'] | null };
type OcorrenciaRow = Omit<OcorrenciaDaSaga, 'versao'> & { readonly versao: number | null };

// Telling pagamentos again does not get a refund on.
const ESTORNOS_PARADOS = `
  select case when devolucao_anuncio_em is not null then 'SEM_RESPOSTA'
      when estorno_status is null and exists (
        select from reservas_historico h where h.reserva_id = r.id and h.evento = 'DevolucaoRecusada') then 'RECUSADA'
      else coalesce(estorno_status, 'SEM_RESPOSTA') end
    as situacao, count(*)::int as total
  from reservas r
  where (reembolso_centavos > 0 or pagamento_nao_aproveitado is not null)
    and (estorno_status is distinct from 'CONCLUIDO' or devolucao_anuncio_em is not null)
    and (estorno_status = 'FALHOU' or
      (select max(em) from reservas_historico h
        where h.reserva_id = r.id and h.evento <> 'CancelamentoReanunciado')
        <= case when estorno_status is null or devolucao_anuncio_em is not null then $1::timestamptz else $2::timestamptz end)
  group by 1`;

/**
 * Refunds that do not get on, by how far they are: nothing heard of, or refused, since `semRespostaDesde`, not done since
 * `pedidoDesde`, or failed.
 */
export async function contarEstornosParados(
  dataSource: DataSource,
  semRespostaDesde: Date,
  pedidoDesde: Date,
): Promise<ReadonlyArray<{ situacao: string; total: number }>> {
  return dataSource.query(ESTORNOS_PARADOS, [semRespostaDesde, pedidoDesde]);
}

// Few rows, for the index holds no others. A fact that was taken by a replica of the version before counts as well.
const SEM_PAGAMENTO = `
  select count(*)::int as total from (
    select from reservas r
    where status in ('CONFIRMADA', 'CONCLUIDA') and valor_centavos > 0
      and (pago_em is null or estornado_centavos >= valor_centavos)
      and data_fim > $1
      and (estornado_centavos >= valor_centavos
        or not exists (select from saga_ocorrencias o where o.reserva_id = r.id and o.fato = 'PagamentoAprovado'
          and o.resultado in ('FEITA', 'SEM_EFEITO')))
    limit 1000) r`;

/**
 * Reservations that stand without their money, or took place without it since `desde`: nobody told that it came in, or
 * all of it has gone back. At most a thousand.
 */
export async function contarSemPagamento(dataSource: DataSource, desde: Date): Promise<number> {
  const [row]: { total: number }[] = await dataSource.query(SEM_PAGAMENTO, [desde]);
  return row?.total ?? 0;
}
