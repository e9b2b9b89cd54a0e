import { type Pagina, type Posicao, pageOf } from '@plataforma/domain/page-token';
import type { QueueState } from '@plataforma/domain/work-queue';
import type { DataSource } from 'typeorm';
import { contarAdiados } from '../../trabalhos/infrastructure/trabalhos-adiados.ts';
import type { ConsultaDaFila, EntradaComPosicao, FiltroEntradas } from '../application/ports.ts';
import { type EntradaRow, entradaFromRow } from './entrada-row.ts';
import { ADIADAS_E_DEVIDAS, POSICAO, PRIMEIRA_A_ENCERRAR } from './fila-sql.ts';

type LinhaComPosicao = EntradaRow & { readonly posicao: number };

/** Every filter is optional: a null parameter lets everything pass. */
const ENTRADAS = `
  select f.*, ${POSICAO} from fila_espera f
  where (f.cliente_id = $1::text or $1::text is null) and (f.espaco_id = $2::text or $2::text is null)
    and (f.status = $3::text or $3::text is null) and (f.ordem < $4::bigint or $4::bigint is null)
  order by f.ordem desc limit $5`;

export class PostgresConsultaDaFila implements ConsultaDaFila {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  async entrada(id: string): Promise<EntradaComPosicao | undefined> {
    const [row]: LinhaComPosicao[] = await this.#dataSource.query(
      `select f.*, ${POSICAO} from fila_espera f where f.id = $1`,
      [id],
    );
    return row && comPosicao(row);
  }

  async entradas(
    { clienteId, espacoId, status }: FiltroEntradas,
    tamanho: number,
    depoisDe: Posicao | undefined,
  ): Promise<Pagina<EntradaComPosicao>> {
    const parameters = [clienteId, espacoId, status, depoisDe?.ordem, tamanho + 1];
    const rows: LinhaComPosicao[] = await this.#dataSource.query(ENTRADAS, parameters);
    const { itens, proxima } = pageOf(rows, tamanho, ({ ordem, id }) => ({ ordem, id }));
    return { itens: itens.map(comPosicao), proxima };
  }
}

/** Marks of slots that became free and were not looked at yet. */
export async function contarVagas(dataSource: DataSource): Promise<number> {
  const [row]: { vagas: number }[] = await dataSource.query('select count(*)::int as vagas from fila_vagas');
  return row?.vagas ?? 0;
}

/** What operators see of the ends of waits and of the offers, of which a mark says no time. */
export async function situacaoDaFila(dataSource: DataSource, agora: Date): Promise<QueueState> {
  const [primeira]: { encerra_em: Date }[] = await dataSource.query(PRIMEIRA_A_ENCERRAR, [agora, 1]);
  return {
    dueSince: primeira?.encerra_em,
    ...(await contarAdiados(dataSource, ADIADAS_E_DEVIDAS, agora)),
  };
}

function comPosicao({ posicao, ...row }: LinhaComPosicao): EntradaComPosicao {
  return { entrada: entradaFromRow(row), posicao };
}
