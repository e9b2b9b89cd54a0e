import type { Clock } from '@plataforma/domain/clock';
import type { Dinheiro } from '@plataforma/domain/dinheiro';
import { Result } from '@plataforma/domain/result';
import type { TipoEspaco } from '../../domain/dados-espaco.ts';
import { Espaco, EspacoNaoEncontradoError, type EstadoEspaco } from '../../domain/espaco.ts';
import { alcance, intervalosLivres } from '../../domain/intervalos-livres.ts';
import { MINUTO_MS, PeriodoInvalidoError, PeriodoReserva } from '../../domain/periodo-reserva.ts';
import { deTokenPorNumero, emToken, type PaginaInvalidaError, tamanhoDaPagina } from '../page-token.ts';
import type { Agendas, Consultas, Posicao } from '../ports.ts';
import type { Lista } from './espacos.ts';

/** 31 days on the calendar, of which one may be an hour longer. */
const MAXIMO_MS = (31 * 1440 + 60) * MINUTO_MS;

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
  readonly consultas: Pick<Consultas, 'espaco' | 'espacosSemReserva'>;
  readonly agendas: Agendas;
  readonly clock: Clock;
}

/** What is free, and when. Nothing that is answered here is promised: a booking looks for itself. */
export class DisponibilidadeQueries {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async consultar(
    espacoId: string,
    inicio: Date,
    fim: Date,
  ): Promise<Result<PeriodoReserva[], EspacoNaoEncontradoError | PeriodoInvalidoError>> {
    const periodo = PeriodoReserva.create(inicio, fim);
    if (periodo.isFailure) return periodo;
    if (periodo.value.duracaoMs > MAXIMO_MS)
      return Result.fail(new PeriodoInvalidoError('Consulte no máximo 31 dias de cada vez.'));
    const { consultas, agendas, clock } = this.#deps;
    const estado = await consultas.espaco(espacoId);
    if (!estado) return Result.fail(new EspacoNaoEncontradoError());
    const espaco = Espaco.restaurar(estado);
    if (!alcance(espaco, inicio, fim, clock.now())) return Result.ok([]);
    const agenda = await agendas.entre(espacoId, inicio, fim);
    return Result.ok(intervalosLivres({ espaco, ...agenda }, inicio, fim, clock.now()));
  }

  /** Cheapest first. */
  async buscar({
    pageSize,
    pageToken,
    inicio,
    fim,
    ...filtro
  }: BuscarEspacosQuery): Promise<
    Result<Lista<EspacoDisponivel>, PaginaInvalidaError | PeriodoInvalidoError>
  > {
    const periodo = PeriodoReserva.create(inicio, fim);
    if (periodo.isFailure) return periodo;
    const depoisDe = deTokenPorNumero(pageToken);
    if (depoisDe.isFailure) return depoisDe;
    const livres = (await this.#livres(periodo.value, filtro)).filter(depois(depoisDe.value));
    const itens = livres.slice(0, tamanhoDaPagina(pageSize));
    const ultimo = itens.at(-1);
    const proxima = itens.length < livres.length && ultimo ? posicao(ultimo) : undefined;
    return Result.ok({ itens, nextPageToken: emToken(proxima) });
  }

  async #livres(
    periodo: PeriodoReserva,
    filtro: Pick<BuscarEspacosQuery, 'capacidade' | 'tipo'>,
  ): Promise<EspacoDisponivel[]> {
    const agora = this.#deps.clock.now();
    const candidatos = await this.#deps.consultas.espacosSemReserva(periodo, filtro, agora);
    return candidatos
      .map(({ espaco, fechamentos }) => ({ espaco: Espaco.restaurar(espaco), fechamentos }))
      .filter(({ espaco, fechamentos }) => espaco.aceita(periodo, agora, fechamentos).isSuccess)
      .map(({ espaco }) => ({ espaco: espaco.estado, valor: espaco.precificar(periodo, [], agora).valor }))
      .sort(comparar);
  }
}

/** By price, then by identity: an order that stays the same from page to page. */
function comparar(a: EspacoDisponivel, b: EspacoDisponivel): number {
  if (a.valor.centavos !== b.valor.centavos) return a.valor.centavos < b.valor.centavos ? -1 : 1;
  if (a.espaco.id === b.espaco.id) return 0;
  return a.espaco.id < b.espaco.id ? -1 : 1;
}

function depois(ultima: Posicao | undefined): (livre: EspacoDisponivel) => boolean {
  if (!ultima) return () => true;
  const centavos = BigInt(ultima.ordem);
  return ({ valor, espaco }) =>
    valor.centavos > centavos || (valor.centavos === centavos && espaco.id > ultima.id);
}

function posicao({ valor, espaco }: EspacoDisponivel): Posicao {
  return { ordem: String(valor.centavos), id: espaco.id };
}
