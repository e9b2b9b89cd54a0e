import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { DataSource } from 'typeorm';
import type { TipoEspaco } from '../../espacos/domain/dados-espaco.ts';
import type { EstadoEspaco } from '../../espacos/domain/espaco.ts';
import {
  COLUNAS_DO_ESPACO,
  type EspacoRow,
  espacoFromRow,
  limitesFromRow,
} from '../../espacos/infrastructure/espaco-row.ts';
import {
  FECHAMENTOS_ENTRE,
  type FechamentoRow,
  fechamentoFromRow,
} from '../../espacos/infrastructure/fechamentos-repository.ts';
import { horaLocal } from '../../tempo/domain/hora-local.ts';
import { FOLGA_MAXIMA_MINUTOS, MINUTO_MS } from '../../tempo/domain/periodo-reserva.ts';
import type { BuscaDeEspacos, EspacoCandidato, ProximosEspacos } from '../application/ports.ts';
import type { PrecosDaTarifa, Tarifa } from '../domain/tarifa.ts';
import { PROXIMOS, TARIFAS } from './busca-sql.ts';

type TarifaRow = Pick<
  EspacoRow,
  | 'tipo'
  | 'fuso_horario'
  | 'pico_centesimos'
  | 'fim_de_semana_centesimos'
  | 'antecedencia_centesimos'
  | 'taxa_limpeza_centavos'
>;

type CandidatoRow = Pick<
  EspacoRow,
  'id' | 'fuso_horario' | 'horarios' | 'ativo' | 'preco_por_hora_centavos'
> &
  Parameters<typeof limitesFromRow>[0] & { readonly valor: string; readonly ocupado: boolean };

export class PostgresBuscaDeEspacos implements BuscaDeEspacos {
  readonly #dataSource: Pick<DataSource, 'query'>;

  constructor(dataSource: Pick<DataSource, 'query'>) {
    this.#dataSource = dataSource;
  }

  async tarifas(tipos: readonly TipoEspaco[]): Promise<Tarifa[]> {
    const rows: TarifaRow[] = await this.#dataSource.query(TARIFAS, [tipos]);
    return rows.map((row) => ({
      tipo: row.tipo,
      fusoHorario: row.fuso_horario,
      multiplicadores: {
        picoCentesimos: row.pico_centesimos,
        fimDeSemanaCentesimos: row.fim_de_semana_centesimos,
        antecedenciaCentesimos: row.antecedencia_centesimos,
      },
      taxaLimpeza: Dinheiro.deCentavos(BigInt(row.taxa_limpeza_centavos)),
    }));
  }

  async proximos(pedido: ProximosEspacos): Promise<EspacoCandidato[]> {
    const { periodo, capacidade, agora, maximo } = pedido;
    const { inicio, fim } = periodo;
    const rows: CandidatoRow[] = await this.#dataSource.query(PROXIMOS, [
      ...colunas(pedido),
      capacidade,
      periodo.duracaoMinutos,
      (inicio.getTime() - agora.getTime()) / MINUTO_MS,
      ...[inicio, fim, `${FOLGA_MAXIMA_MINUTOS} minutes`, maximo],
    ]);
    const livres = rows.filter(({ ocupado }) => !ocupado).map(({ id }) => id);
    const fechados: FechamentoRow[] =
      livres.length === 0 ? [] : await this.#dataSource.query(FECHAMENTOS_ENTRE, [livres, inicio, fim]);
    const porEspaco = Map.groupBy(fechados.map(fechamentoFromRow), ({ espacoId }) => espacoId);
    return rows.map((row) => ({ ...candidatoFromRow(row), fechamentos: porEspaco.get(row.id) ?? [] }));
  }

  async espacos(ids: readonly string[]): Promise<EstadoEspaco[]> {
    const rows: EspacoRow[] = await this.#dataSource.query(
      `select ${COLUNAS_DO_ESPACO} from espacos where id = any($1)`,
      [ids],
    );
    return rows.map(espacoFromRow);
  }
}

function candidatoFromRow(row: CandidatoRow): Omit<EspacoCandidato, 'fechamentos'> {
  const { id, valor, preco_por_hora_centavos, fuso_horario: fusoHorario, horarios, ativo, ocupado } = row;
  return {
    posicao: { valor: BigInt(valor), precoPorHora: BigInt(preco_por_hora_centavos), id },
    regras: { ativo, fusoHorario, horarios, limites: limitesFromRow(row) },
    ocupado,
  };
}

/** One array a column: the tariffs with what the period weighs under each, and where to go on in it. */
function colunas({ precos, periodo, depoisDe }: ProximosEspacos): unknown[][] {
  const de = precos.map((um) => um.depoisDe(depoisDe));
  const coluna = (valor: (um: PrecosDaTarifa) => unknown) => precos.map(valor);
  const minuto = (instante: Date) =>
    coluna(({ tarifa }) => horaLocal(instante, tarifa.fusoHorario).minutoDoDia);
  return [
    coluna(({ tarifa }) => tarifa.tipo),
    coluna(({ tarifa }) => tarifa.fusoHorario),
    coluna(({ tarifa }) => tarifa.multiplicadores.picoCentesimos),
    coluna(({ tarifa }) => tarifa.multiplicadores.fimDeSemanaCentesimos),
    coluna(({ tarifa }) => tarifa.multiplicadores.antecedenciaCentesimos),
    coluna(({ tarifa }) => tarifa.taxaLimpeza.centavos),
    coluna(({ peso }) => peso.numerador),
    coluna(({ peso }) => peso.denominador),
    de.map(({ precoPorHora }) => precoPorHora),
    de.map(({ id }) => id),
    coluna((um) => um.gratuitosAbaixoDe),
    coluna(({ cobraveis }) => cobraveis.de),
    coluna(({ cobraveis }) => cobraveis.ate),
    minuto(periodo.inicio),
    minuto(periodo.fim),
  ];
}
