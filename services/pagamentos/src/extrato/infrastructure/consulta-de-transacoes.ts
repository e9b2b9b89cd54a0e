import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { Posicao } from '@plataforma/domain/page-token';
import type { DataSource } from 'typeorm';
import type { ConsultaDeTransacoes, FiltroTransacoes, TransacaoView } from '../application/ports.ts';

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

/** Lists of the table `transacoes`. */
export class PostgresConsultaDeTransacoes implements ConsultaDeTransacoes {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  async listar(
    filtro: FiltroTransacoes,
    depoisDe: Posicao | undefined,
    limite: number,
  ): Promise<readonly TransacaoView[]> {
    const { clienteId, reservaId, inicio, fim, tipo, pagamentoId } = filtro;
    const rows: TransacaoRow[] = await this.#dataSource.query(TRANSACOES, [
      clienteId,
      reservaId,
      inicio,
      fim,
      depoisDe?.ordem,
      depoisDe?.id,
      limite,
      tipo,
      pagamentoId,
    ]);
    return rows.map(transacaoView);
  }
}

export function transacaoView(row: TransacaoRow): TransacaoView {
  return {
    id: row.id,
    pagamentoId: row.pagamento_id ?? '',
    reservaId: row.reserva_id ?? '',
    clienteId: row.cliente_id,
    tipo: row.tipo,
    valor: Dinheiro.deCentavos(BigInt(row.centavos), row.moeda),
    ocorridoEm: row.ocorrida_em,
  };
}
