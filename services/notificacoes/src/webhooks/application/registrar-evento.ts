import { answersOf } from '@plataforma/domain/answers-of';
import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { EventoPublico } from '../domain/evento-publico.ts';
import { GUARDA_MS } from '../domain/webhook.ts';
import type { Transacao } from './ports.ts';

export interface RegistrarEventoCommand {
  readonly consumidor: string;
  readonly mensagemId: string;
  readonly reservaId: string;
  readonly espacoId: string | undefined;
  /** Undefined: integrators are told nothing, and only the space of the reservation is learned. */
  readonly evento: EventoPublico | undefined;
}

interface Deps {
  readonly clock: Clock;
  readonly uow: Pick<UnitOfWork<Transacao>, 'runOnce'>;
}

/** Writes down what happened, with a delivery for each address that wants to know. Answers for which. */
export class RegistrarEventoHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({
    consumidor,
    mensagemId,
    reservaId,
    espacoId,
    evento,
  }: RegistrarEventoCommand): Promise<readonly string[]> {
    const { clock, uow } = this.#deps;
    const agora = clock.now();
    // A new consumer reads its stream from the start, and what is that old is not kept anyhow.
    const atual = evento && evento.ocorridoEm.getTime() > agora.getTime() - GUARDA_MS ? evento : undefined;
    let paraQuem: readonly string[] = [];
    await uow.runOnce(consumidor, mensagemId, async ({ entregas }) => {
      // In this order, and in one round trip: the event is written down behind the space of its reservation.
      const [antes, deste] = await answersOf<[string[], string[]]>([
        espacoId === undefined ? [] : entregas.situar(reservaId, espacoId, agora),
        atual ? entregas.registrar(atual, agora) : [],
      ]);
      paraQuem = [...antes, ...deste];
    });
    return paraQuem;
  }
}
