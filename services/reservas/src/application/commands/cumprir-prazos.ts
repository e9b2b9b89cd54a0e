import type { Clock } from '@plataforma/domain/clock';
import type { Result } from '@plataforma/domain/result';
import type { Autoria } from '../../domain/estado-reserva.ts';
import type { TransicaoInvalidaError } from '../../domain/recusas-da-reserva.ts';
import type { Prazo } from '../../domain/repositories.ts';
import type { Reserva } from '../../domain/reserva.ts';
import type { UnitOfWork } from '../ports.ts';

interface Deps {
  readonly uow: UnitOfWork;
  readonly clock: Clock;
}

interface Passo {
  readonly porque: string;
  mudar(reserva: Reserva, autoria: Autoria): Result<void, TransicaoInvalidaError>;
}

const PASSOS: Readonly<Record<Prazo, Passo>> = {
  ESPERA: {
    porque: 'a espera pelo pagamento acabou',
    mudar: (reserva, autoria) => reserva.iniciarExpiracao(autoria),
  },
  RESPOSTA: {
    porque: 'pagamentos ainda não respondeu',
    mudar: (reserva, autoria) => reserva.reanunciarExpiracao(autoria),
  },
  DEVOLUCAO: {
    porque: 'pagamentos ainda não registrou o estorno',
    mudar: (reserva, autoria) => reserva.reanunciarCancelamento(autoria),
  },
  TERMINO: { porque: 'o período terminou', mudar: (reserva, autoria) => reserva.concluir(autoria) },
};

export const PRAZOS = Object.keys(PASSOS) as Prazo[];

/** Who changed a reservation when time did. */
const QUEM = 'servico:reservas';
const LOTE = 50;

/** Does what time asks for: one batch of reservations that are due, in one transaction. */
export class CumprirPrazosHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @returns whether there may be more that is due. */
  execute(prazo: Prazo): Promise<boolean> {
    const { uow, clock } = this.#deps;
    const { mudar, porque } = PASSOS[prazo];
    return uow.run(async ({ reservas }) => {
      const em = clock.now();
      const vencidas = await reservas.vencidas(prazo, em, LOTE);
      for (const reserva of vencidas) {
        const mudada = mudar(reserva, { quem: QUEM, porque, em });
        if (mudada.isFailure) throw mudada.error;
        await reservas.save(reserva);
      }
      return vencidas.length === LOTE;
    });
  }
}
