import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { CancelarReservaHandler } from '../../cancelamentos/application/cancelar-reserva.ts';
import type { ContasRepository } from '../../contas/application/contas.ts';
import type { SairDaFilaHandler } from '../../fila-espera/application/sair-da-fila.ts';
import type { ConsultaDePessoas, Transacao } from './ports.ts';

export interface RemoverPessoaCommand {
  readonly usuarioId: string;
  /** Of the event: however often it comes, auth is answered once. */
  readonly mensagemId: string;
  readonly em: Date;
}

interface Deps {
  readonly uow: Pick<UnitOfWork<Transacao>, 'runOnce'>;
  readonly consulta: ConsultaDePessoas;
  readonly contas: Pick<ContasRepository, 'encerrar'>;
  readonly cancelar: Pick<CancelarReservaHandler, 'execute'>;
  readonly sair: Pick<SairDaFilaHandler, 'execute'>;
  readonly clock: Clock;
}

export const CONSUMIDOR = 'reservas-remocoes';

/** It judges by the same table as the customer's own cancellation, and is not refused where that says that it is too late. */
const PLATAFORMA = { id: 'servico:reservas', admin: true };

/** No word of the person, so it may stay. */
export const MOTIVO = 'Conta removida.';

/**
 * A person is gone. What they have still to come is cancelled, each by itself and under its policy, so that money goes back
 * as it would have; then everything about them that need not stay is erased, in one transaction that also answers auth. What
 * fails half-way is finished when the event comes again. A booking that was under way is waited for, and cancelled with the others.
 */
export class RemoverPessoaHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({ usuarioId, mensagemId, em }: RemoverPessoaCommand): Promise<void> {
    const { uow, consulta, contas, clock } = this.#deps;
    await contas.encerrar(usuarioId, em);
    await this.#encerrar(usuarioId);
    const { reservas, esperas } = await consulta.pendencias(usuarioId, clock.now());
    if (reservas.length + esperas.length > 0)
      throw new Error(`${reservas.length} reservations and ${esperas.length} places in line are still open`);
    await uow.runOnce(CONSUMIDOR, mensagemId, ({ apagamento }) => apagamento.apagar(usuarioId, clock.now()));
  }

  /** A refusal tells that it is over already: whether nothing is open any more is asked afterwards. */
  async #encerrar(usuarioId: string): Promise<void> {
    const { consulta, cancelar, sair, clock } = this.#deps;
    const { reservas, esperas } = await consulta.pendencias(usuarioId, clock.now());
    const quem = { solicitante: PLATAFORMA, motivo: MOTIVO, excecao: undefined };
    // The line first: a slot that becomes free must not be offered to who has left.
    for (const entradaId of esperas) await sair.execute({ entradaId, solicitante: PLATAFORMA });
    for (const reservaId of reservas) await cancelar.execute({ reservaId, ...quem });
  }
}
