import type { Clock } from '@plataforma/domain/clock';
import type { EventoDeCalendario } from '@plataforma/domain/formats/icalendar';
import { Result } from '@plataforma/domain/result';
import type { ConsultaDeEspacos } from '../../espacos/application/ports.ts';
import {
  type Calendario,
  CalendarioNaoEncontradoError,
  janelaEm,
  MAXIMO_EVENTOS,
} from '../domain/calendario.ts';
import { type Enderecos, eventoParaCliente, eventoParaEspaco } from '../domain/evento-de-calendario.ts';
import type { CalendariosRepository, TokensDeCalendario } from './ports.ts';

/** A feed as calendar programs see it. */
export interface FeedDeCalendario {
  readonly nome: string;
  readonly eventos: readonly EventoDeCalendario[];
  /** When one of its reservations last changed; undefined when there is none. */
  readonly alteradoEm: Date | undefined;
}

interface Deps {
  readonly calendarios: CalendariosRepository;
  readonly consulta: Pick<ConsultaDeEspacos, 'espaco'>;
  readonly tokens: Pick<TokensDeCalendario, 'impressao'>;
  readonly enderecos: Enderecos;
  readonly clock: Clock;
}

/** Reads of feeds. */
export class CalendariosQueries {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  listar(donoId: string): Promise<Calendario[]> {
    return this.#deps.calendarios.ativosDe(donoId);
  }

  /** The feed of an address. A forged address is refused before anything is read. */
  async feed(token: string): Promise<Result<FeedDeCalendario, CalendarioNaoEncontradoError>> {
    const { calendarios, tokens, enderecos, clock } = this.#deps;
    const impressao = tokens.impressao(token);
    const calendario = impressao && (await calendarios.porImpressao(impressao));
    if (!calendario) return Result.fail(new CalendarioNaoEncontradoError());
    const janela = janelaEm(clock.now());
    const [reservas, alteradoEm] = await Promise.all([
      calendarios.reservas(calendario, janela, MAXIMO_EVENTOS),
      calendarios.alteradoEm(calendario, janela),
    ]);
    const evento = calendario.espacoId === undefined ? eventoParaCliente : eventoParaEspaco;
    return Result.ok({
      nome: await this.#nome(calendario),
      eventos: reservas.map((reserva) => evento(reserva, enderecos)),
      alteradoEm,
    });
  }

  async #nome({ espacoId }: Calendario): Promise<string> {
    if (espacoId === undefined) return 'Minhas reservas';
    const espaco = await this.#deps.consulta.espaco(espacoId);
    return `Reservas: ${espaco?.nome ?? espacoId}`;
  }
}
