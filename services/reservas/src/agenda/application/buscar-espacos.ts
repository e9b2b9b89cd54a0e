import type { Clock } from '@plataforma/domain/clock';
import type { Dinheiro } from '@plataforma/domain/dinheiro';
import {
  fromPageToken,
  type Order,
  type Pagina,
  type PaginaInvalidaError,
  type Posicao,
  pageSize,
} from '@plataforma/domain/page-token';
import { Result } from '@plataforma/domain/result';
import { TIPOS_ESPACO, type TipoEspaco } from '../../espacos/domain/dados-espaco.ts';
import { aceitaPeriodo, Espaco, type EstadoEspaco } from '../../espacos/domain/espaco.ts';
import { foraDeTodosOsLimites } from '../../espacos/domain/limites-reserva.ts';
import { type PeriodoInvalidoError, PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import { type PosicaoDePreco, PrecosDaTarifa } from '../domain/tarifa.ts';
import type { BuscaDeEspacos, EspacoCandidato, ProximosEspacos } from './ports.ts';

export interface BuscarEspacosQuery {
  readonly inicio: Date;
  readonly fim: Date;
  readonly capacidade: number;
  readonly tipo: TipoEspaco | undefined;
  readonly pageSize: number;
  readonly pageToken: string;
}

/** A space that is free, and what the period costs there without add-ons. */
export interface EspacoDisponivel {
  readonly espaco: EstadoEspaco;
  readonly valor: Dinheiro;
}

interface Deps {
  readonly espacos: BuscaDeEspacos;
  readonly clock: Clock;
}

/** Spaces that one page looks at, at most: where nearly everything is taken, a page is shorter than it was asked for. */
const MAXIMO_EXAMINADOS = 1_000;
/** Spaces that are looked at together once the first look was not enough, which is one at twice as many as are wanted. */
const LOTE = 50;

/** Finds the cheapest spaces that are free for a whole period. Nothing is promised: a booking looks for itself. */
export class BuscarEspacosHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({
    pageSize: asked,
    pageToken,
    ...busca
  }: BuscarEspacosQuery): Promise<
    Result<Pagina<EspacoDisponivel>, PaginaInvalidaError | PeriodoInvalidoError>
  > {
    const { inicio, fim, tipo, capacidade } = busca;
    const periodo = PeriodoReserva.create(inicio, fim);
    if (periodo.isFailure) return periodo;
    const depoisDe = fromPageToken(pageToken, byPrecos);
    if (depoisDe.isFailure) return depoisDe;
    const agora = this.#deps.clock.now();
    if (foraDeTodosOsLimites(periodo.value, agora)) return Result.ok({ itens: [], proxima: undefined });

    const tarifas = await this.#deps.espacos.tarifas(tipo === undefined ? TIPOS_ESPACO : [tipo]);
    const precos = tarifas.map((tarifa) => new PrecosDaTarifa(tarifa, periodo.value, agora));
    const pedido = { precos, periodo: periodo.value, capacidade, agora };
    const pagina = await this.#percorrer(pedido, depoisDe.value && ler(depoisDe.value), pageSize(asked));
    const itens = await this.#precificar(pagina.livres, periodo.value, agora);
    return Result.ok({ itens, proxima: pagina.proxima && guardar(pagina.proxima) });
  }

  /** Walks in the order of prices until the page is full and one more is free, nothing is left, or it was far enough. */
  async #percorrer(
    pedido: Omit<ProximosEspacos, 'depoisDe' | 'maximo'>,
    depoisDe: PosicaoDePreco | undefined,
    tamanho: number,
  ): Promise<{ livres: PosicaoDePreco[]; proxima: PosicaoDePreco | undefined }> {
    const livres: PosicaoDePreco[] = [];
    let ultima = depoisDe;
    let maximo = 2 * tamanho + 1;
    for (let examinados = 0; examinados < MAXIMO_EXAMINADOS; ) {
      const candidatos = await this.#deps.espacos.proximos({ ...pedido, depoisDe: ultima, maximo });
      livres.push(
        ...candidatos.filter((candidato) => livre(candidato, pedido)).map(({ posicao }) => posicao),
      );
      if (livres.length > tamanho) return { livres: livres.slice(0, tamanho), proxima: livres[tamanho - 1] };
      if (candidatos.length < maximo) return { livres, proxima: undefined };
      ultima = candidatos.at(-1)?.posicao;
      examinados += candidatos.length;
      maximo = LOTE;
    }
    return { livres, proxima: ultima };
  }

  /** The spaces of the page, and of no other, in its order. One that was deactivated in between is left out. */
  async #precificar(
    posicoes: readonly PosicaoDePreco[],
    periodo: PeriodoReserva,
    agora: Date,
  ): Promise<EspacoDisponivel[]> {
    if (posicoes.length === 0) return [];
    const lidos = await this.#deps.espacos.espacos(posicoes.map(({ id }) => id));
    const porId = new Map(lidos.map((espaco) => [espaco.id, espaco]));
    return posicoes.flatMap(({ id }) => {
      const espaco = porId.get(id);
      if (!espaco?.ativo) return [];
      return { espaco, valor: Espaco.restaurar(espaco).precificar(periodo, [], agora).valor };
    });
  }
}

/** What a period costs in all and then by the hour. */
const byPrecos: Order = ({ ordem }) => /^\d{1,18}\.\d{1,18}$/.test(ordem);

function livre(
  { ocupado, regras, fechamentos }: EspacoCandidato,
  { periodo, agora }: Pick<ProximosEspacos, 'periodo' | 'agora'>,
): boolean {
  return !ocupado && aceitaPeriodo(regras, periodo, agora, fechamentos).isSuccess;
}

function guardar({ valor, precoPorHora, id }: PosicaoDePreco): Posicao {
  return { ordem: `${valor}.${precoPorHora}`, id };
}

function ler({ ordem, id }: Posicao): PosicaoDePreco {
  const [valor = '', precoPorHora = ''] = ordem.split('.');
  return { valor: BigInt(valor), precoPorHora: BigInt(precoPorHora), id };
}
