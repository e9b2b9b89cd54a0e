import type { DataSource } from 'typeorm';
import type { PassoHistorico } from '../../reservas/domain/estado-reserva.ts';
import { type ReservaRow, reservaFromRow } from '../../reservas/infrastructure/reserva-row.ts';
import type { ConsultaDeSagas } from '../application/ports.ts';
import type { OcorrenciaDaSaga, RegistrosDaSaga } from '../domain/ocorrencia.ts';

const OCORRENCIAS = `
  select reserva_id as "reservaId", fato, comando, resultado, versao, porque, mensagem_id as "mensagemId", em
  from saga_ocorrencias where reserva_id = $1 order by posicao desc limit $2`;

const HISTORICO = `
  select versao, evento, de_status as de, para_status as para, quem, porque, em
  from reservas_historico where reserva_id = $1 order by versao desc limit $2`;

const POR_PUBLICAR = `
  select count(*)::int as total from outbox
  where agregado_tipo = 'reserva' and agregado_id = $1 and enviado_em is null`;

/** Reads of the primary: an operator who looks at a saga wants to know how it stands now. */
export class PostgresConsultaDeSagas implements ConsultaDeSagas {
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
