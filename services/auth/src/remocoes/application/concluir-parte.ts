import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Sessions } from '../../sessoes/application/ports.ts';
import type { Item, Parte } from '../domain/remocao.ts';
import type { TransacaoDasRemocoes } from './ports.ts';

interface Deps {
  readonly uow: Pick<UnitOfWork<TransacaoDasRemocoes>, 'run'>;
  readonly sessions: Pick<Sessions, 'forget'>;
  readonly clock: Clock;
}

/**
 * Notes what a service has erased of a person; the last answer ends the removal. Answers may come twice and in any order: the
 * first of each service stands, so this needs no inbox. False when nobody was removed by that name.
 */
export class ConcluirParteHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  execute(usuarioId: string, parte: Omit<Parte, 'concluidaEm'>): Promise<boolean> {
    const { uow, clock } = this.#deps;
    return uow.run(({ remocoes }) => remocoes.concluir(usuarioId, parte, clock.now()));
  }

  /** The own part of auth beside its database: where sessions were used from. */
  async executeHere(usuarioId: string): Promise<boolean> {
    const quantidade = await this.#deps.sessions.forget(usuarioId);
    const sessoes: Item = { dados: 'SESSOES', acao: 'APAGADO', quantidade, motivo: '' };
    return this.execute(usuarioId, { servico: 'auth', itens: [sessoes] });
  }
}
