import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { Recusa } from '../../comum/domain/recusa.ts';
import type { FatoDaSaga } from '../domain/fato.ts';
import { type OcorrenciaDaSaga, ocorrencia } from '../domain/ocorrencia.ts';
import type { ObservadorDaSaga, Transacao } from './ports.ts';
import { seguirFato } from './seguir-fato.ts';

/** A fact, and the message that brought it. */
export interface ReceberFatoCommand {
  readonly consumidor: string;
  readonly mensagemId: string;
  readonly fato: FatoDaSaga;
}

interface Deps {
  readonly uow: UnitOfWork<Transacao>;
  readonly clock: Clock;
  readonly observador: ObservadorDaSaga;
}

/** Takes a fact from pagamentos, once per message. Of one that the reservation refuses nothing is stored but that. */
export class ReceberFatoHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({ consumidor, mensagemId, fato }: ReceberFatoCommand): Promise<Result<void, Recusa>> {
    const ler = ({ reservas }: Transacao) => reservas.findById(fato.reservaId);
    try {
      const nova = await this.#deps.uow.runOnce(consumidor, mensagemId, ler, async (tx, reserva) => {
        if (reserva) await seguirFato(tx, reserva, fato, this.#deps, mensagemId);
        else await this.#semReserva(tx, fato);
      });
      if (!nova) await this.#anotar(fato, { mensagemId, resultado: 'REPETIDA' });
      return Result.ok(undefined);
    } catch (error) {
      if (!(error instanceof Recusa)) throw error;
      await this.#anotar(fato, { mensagemId, resultado: 'RECUSADA', porque: error.message });
      return Result.fail(error);
    }
  }

  /** There is no such reservation, or a restored database has lost it: only money is to be done something about. */
  async #semReserva({ reservas }: Transacao, fato: FatoDaSaga): Promise<void> {
    const { observador, clock } = this.#deps;
    const { tipo, reservaId } = fato;
    if (tipo !== 'PagamentoAprovado') return observador.fatoSemReserva(reservaId, tipo);
    observador.pagamentoSemReserva(reservaId, fato.pagamentoId);
    await reservas.devolverPagamento(reservaId, fato.pagamentoId, clock.now());
  }

  #anotar(fato: FatoDaSaga, parte: Pick<OcorrenciaDaSaga, 'mensagemId' | 'resultado'> & { porque?: string }) {
    const em = this.#deps.clock.now();
    return this.#deps.uow.run(({ ocorrencias }) => ocorrencias.add(ocorrencia(fato, { ...parte, em })));
  }
}
