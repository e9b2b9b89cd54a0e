import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { CodigoPedido } from '../domain/codigo.ts';
import type { TelefoneProvado, Transacao } from './ports.ts';

/** The number of a person's preferences, and whether text messages go there. */
export interface SituacaoDoTelefone {
  /** E.164; empty when there is none. */
  readonly numero: string;
  /** Undefined when it was not proved, or another one was. */
  readonly provado: TelefoneProvado | undefined;
}

/** What is known of people's numbers. */
export class TelefonesQueries {
  readonly #uow: Pick<UnitOfWork<Transacao>, 'run'>;

  constructor(uow: Pick<UnitOfWork<Transacao>, 'run'>) {
    this.#uow = uow;
  }

  doCliente(clienteId: string): Promise<SituacaoDoTelefone> {
    return this.#uow.run(async ({ preferencias, telefones }) => {
      const { telefone: numero = '' } = (await preferencias.findById(clienteId)) ?? {};
      const provado = await telefones.provado(clienteId);
      return { numero, provado: provado?.numero === numero ? provado : undefined };
    });
  }

  codigo(clienteId: string): Promise<CodigoPedido | undefined> {
    return this.#uow.run(({ telefones }) => telefones.codigo(clienteId));
  }
}
