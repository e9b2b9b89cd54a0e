import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { acertarSms } from './acertar-sms.ts';
import type { LeitorDeRespostas, ObservadorDeRetornos, PedidoDoProvedor, Transacao } from './ports.ts';

interface Deps {
  readonly clock: Clock;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly observador: Pick<ObservadorDeRetornos, 'recusado' | 'respondido'>;
}

/** More people than share a telephone. Those beyond get no SMS either, and are not told so by their preferences. */
const MAXIMO_DE_PESSOAS = 20;

/**
 * Hears what somebody answers to a text message. One statement makes it hold for all people whose number it is, before it is answered;
 * their preferences follow, one person at a time, and miss nothing when that is cut short.
 */
export class ReceberRespostaHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** False when it is not to be believed. */
  async execute(leitor: LeitorDeRespostas, pedido: PedidoDoProvedor): Promise<boolean> {
    const { clock, uow, observador } = this.#deps;
    const leitura = leitor.ler(pedido);
    if ('recusado' in leitura) {
      observador.recusado(leitor.provedor, leitura.recusado);
      return false;
    }
    const { dita } = leitura;
    const em = clock.now();
    const pessoas = dita ? await uow.run(({ telefones }) => telefones.responder(dita, em)) : [];
    observador.respondido(leitor.provedor, pessoas.length > 0 ? dita?.resposta : undefined);
    for (const clienteId of pessoas.slice(0, MAXIMO_DE_PESSOAS))
      await uow.run((tx) => acertarSms(tx, clienteId, em));
    return true;
  }
}
