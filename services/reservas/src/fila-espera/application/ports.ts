import type { Pagina, Posicao } from '@plataforma/domain/page-token';
import type { PessoasRepository } from '../../contas/domain/pessoas-repository.ts';
import type { EspacosRepository, FechamentosRepository } from '../../espacos/domain/repositories.ts';
import type { Promessas } from '../../reservas/application/ports.ts';
import type { ReservasRepository } from '../../reservas/domain/repositories.ts';
import type { TrabalhosAdiados } from '../../trabalhos/domain/trabalhos-adiados.ts';
import type { EstadoEntrada, StatusEntrada } from '../domain/entrada-fila.ts';
import type { FilaRepository } from '../domain/fila-repository.ts';

/** What the waitlist needs of its transaction. */
export interface Transacao {
  readonly fila: FilaRepository;
  readonly promessas: Promessas;
  readonly reservas: ReservasRepository;
  readonly espacos: EspacosRepository;
  readonly fechamentos: FechamentosRepository;
  readonly adiados: TrabalhosAdiados;
  readonly pessoas: PessoasRepository;
}

/** What operators want to know of the waitlist. */
export interface ObservadorDaFila {
  /** The first in line has the slot for some time. */
  vagaOferecida(entrada: EstadoEntrada): void;
}

/** A place in line with its number; 0 when it does not wait. */
export interface EntradaComPosicao {
  readonly entrada: EstadoEntrada;
  readonly posicao: number;
}

export interface FiltroEntradas {
  readonly clienteId: string | undefined;
  readonly espacoId: string | undefined;
  readonly status: StatusEntrada | undefined;
}

/** Reads of the waitlist that need no transaction. */
export interface ConsultaDaFila {
  entrada(id: string): Promise<EntradaComPosicao | undefined>;
  /** Newest first. */
  entradas(
    filtro: FiltroEntradas,
    tamanho: number,
    depoisDe: Posicao | undefined,
  ): Promise<Pagina<EntradaComPosicao>>;
}
