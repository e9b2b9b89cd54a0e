import type { Clock } from '@plataforma/domain/clock';
import type { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { PutOff, WorkQueue } from '@plataforma/domain/work-queue';
import { adiar } from '../../trabalhos/application/adiar.ts';
import type { Transacao as TransacaoDeTrabalhos } from '../../trabalhos/application/ports.ts';
import type { Autoria } from '../domain/estado-reserva.ts';
import type { TransicaoInvalidaError } from '../domain/recusas-da-reserva.ts';
import type { Prazo } from '../domain/repositories.ts';
import type { Reserva } from '../domain/reserva.ts';
import type { Transacao } from './ports.ts';

type Tx = Pick<Transacao, 'reservas'> & TransacaoDeTrabalhos;

interface Deps {
  readonly prazo: Prazo;
  readonly uow: UnitOfWork<Tx>;
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

/** Does what one kind of deadline asks for: what is due are the identities of reservations, shared by their locks. */
export class CumprirPrazoHandler implements WorkQueue<string> {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  due(limit: number): Promise<string[]> {
    const { uow, clock, prazo } = this.#deps;
    return uow.run(({ reservas }) => reservas.idsVencidas(prazo, clock.now(), limit));
  }

  together(limit: number): Promise<number> {
    const { uow, clock, prazo } = this.#deps;
    const em = clock.now();
    return uow.run(async (tx) => {
      const vencidas = await tx.reservas.vencidas(prazo, em, limit);
      for (const reserva of vencidas) await cumprir(tx, prazo, reserva, em);
      await tx.adiados.concluir(
        prazo,
        vencidas.map(({ id }) => id),
      );
      return vencidas.length;
    });
  }

  execute(id: string): Promise<void> {
    const { uow, clock, prazo } = this.#deps;
    const em = clock.now();
    return uow.run(async (tx) => {
      const reserva = await tx.reservas.vencida(prazo, em, id);
      // Another replica may have it locked, and may fail: its failures are counted on.
      if (!reserva) return;
      await cumprir(tx, prazo, reserva, em);
      await tx.adiados.concluir(prazo, [id]);
    });
  }

  putOff(id: string, error: unknown): Promise<PutOff> {
    return adiar(this.#deps, this.#deps.prazo, id, error);
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
