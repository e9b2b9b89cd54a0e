import type { Clock } from '@plataforma/domain/clock';
import type { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type {
  ObservadorDeTrabalhos,
  Transacao as TransacaoDeTrabalhos,
} from '../../trabalhos/application/ports.ts';
import { umPorUmSeFalhar } from '../../trabalhos/application/um-por-um.ts';
import type { Autoria } from '../domain/estado-reserva.ts';
import type { TransicaoInvalidaError } from '../domain/recusas-da-reserva.ts';
import type { Prazo } from '../domain/repositories.ts';
import type { Reserva } from '../domain/reserva.ts';
import type { Transacao } from './ports.ts';

type Tx = Pick<Transacao, 'reservas'> & TransacaoDeTrabalhos;

interface Deps {
  readonly uow: UnitOfWork<Tx>;
  readonly clock: Clock;
  readonly observador: ObservadorDeTrabalhos;
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

/** Does what time asks for: one batch of reservations that are due, none of which waits for another that fails. */
export class CumprirPrazosHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @returns whether there may be more that is due. */
  async execute(prazo: Prazo): Promise<boolean> {
    const em = this.#deps.clock.now();
    const devidas = await umPorUmSeFalhar(this.#deps, {
      trabalho: prazo,
      devidos: ({ reservas }) => reservas.idsVencidas(prazo, em, LOTE),
      todos: async (tx) => {
        const vencidas = await tx.reservas.vencidas(prazo, em, LOTE);
        for (const reserva of vencidas) await cumprir(tx, prazo, reserva, em);
        if (vencidas.length > 0)
          await tx.adiados.concluir(
            prazo,
            vencidas.map(({ id }) => id),
          );
        return vencidas.length;
      },
      um: async (tx, id) => {
        const reserva = await tx.reservas.vencida(prazo, em, id);
        if (reserva) await cumprir(tx, prazo, reserva, em);
        await tx.adiados.concluir(prazo, [id]);
      },
    });
    return devidas === LOTE;
  }
}

async function cumprir(
  { reservas }: Pick<Tx, 'reservas'>,
  prazo: Prazo,
  reserva: Reserva,
  em: Date,
): Promise<void> {
  const { mudar, porque } = PASSOS[prazo];
  const mudada = mudar(reserva, { quem: QUEM, porque, em });
  if (mudada.isFailure) throw mudada.error;
  await reservas.save(reserva);
}
