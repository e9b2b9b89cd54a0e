import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { LeitorDeRetornos, ObservadorDeRetornos, PedidoDoProvedor, Transacao } from './ports.ts';

interface Deps {
  readonly clock: Clock;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly observador: Pick<ObservadorDeRetornos, 'recusado' | 'recebidos'>;
  /** There may be something to deal with. */
  readonly wake: () => void;
}

/** Keeps what a provider tells, each event once, and answers at once: it has effect afterwards, by {@link AplicarRetornos}. */
export class ReceberRetornosHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** False when it is not to be believed, or not understood. */
  async execute(leitor: LeitorDeRetornos, pedido: PedidoDoProvedor): Promise<boolean> {
    const { clock, uow, observador, wake } = this.#deps;
    const agora = clock.now();
    const leitura = leitor.ler(pedido, agora);
    if ('recusado' in leitura) {
      observador.recusado(leitor.provedor, leitura.recusado);
      return false;
    }
    const { retornos, ignorados } = leitura;
    const novos = await uow.run((tx) => tx.retornos.guardar(retornos, agora));
    observador.recebidos(leitor.provedor, { novos, repetidos: retornos.length - novos, ignorados });
    if (novos > 0) wake();
    return true;
  }
}
