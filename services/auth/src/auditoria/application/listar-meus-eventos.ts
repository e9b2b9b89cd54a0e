import {
  byInstant,
  type Pagina,
  type PaginaInvalidaError,
  type PaginaPedida,
  readPage,
} from '@plataforma/domain/page-token';
import type { Result } from '@plataforma/domain/result';
import { posicaoDe } from './listar-eventos.ts';
import type { ConsultaDeEventos, EventoRegistrado, Titulares } from './ports.ts';

export interface ListarMeusEventosQuery extends PaginaPedida {
  readonly usuarioId: string;
}

interface Deps {
  readonly consulta: ConsultaDeEventos;
  readonly titulares: Titulares;
}

/**
 * Security events of a person's own account, newest first. Until they have proved its address they hear only of what they
 * have done themselves: what others try with that address may concern another account of it, and must not tell of that one.
 */
export class ListarMeusEventosHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({
    usuarioId,
    ...pagina
  }: ListarMeusEventosQuery): Promise<Result<Pagina<EventoRegistrado>, PaginaInvalidaError>> {
    const { consulta, titulares } = this.#deps;
    const filtro = (await titulares.verificou(usuarioId)) ? { usuarioId } : { usuarioId, autorId: usuarioId };
    return readPage(pagina, byInstant, posicaoDe, async (maximo, depoisDe) => {
      const eventos = await consulta.listar(filtro, depoisDe, maximo);
      return eventos.map((evento) => comoDonoVe(evento, usuarioId));
    });
  }
}

/** Where somebody else was who is known by name, such as an administrator, is not the owner's to see. */
function comoDonoVe(evento: EventoRegistrado, usuarioId: string): EventoRegistrado {
  const { autorId } = evento;
  if (autorId === undefined || autorId === usuarioId) return evento;
  return { ...evento, origem: { endereco: '', dispositivo: '', requisicao: '' } };
}
