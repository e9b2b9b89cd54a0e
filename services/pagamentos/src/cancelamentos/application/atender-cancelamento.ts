import type { Dinheiro } from '@plataforma/domain/dinheiro';
import { Result } from '@plataforma/domain/result';
import type { EncerrarCobrancaHandler } from '../../cobrancas/application/encerrar-cobranca.ts';
import type { LivroDeCreditos } from '../../creditos/application/ports.ts';
import type { SolicitarEstornoHandler } from '../../estornos/application/solicitar-estorno.ts';
import type { RecusaDeEstorno } from '../../estornos/domain/estorno.ts';
import type { RecusasDeDevolucao } from './recusas-de-devolucao.ts';

/** A cancelled reservation, and what its policy says. */
export interface AtenderCancelamentoCommand {
  readonly reservaId: string;
  readonly clienteId: string;
  readonly motivo: string;
  /** Credit as a consolation; undefined: none. */
  readonly bonus: Dinheiro | undefined;
  /** What is to go back; undefined: nothing. */
  readonly reembolso: Dinheiro | undefined;
  /** Version of the reservation that asks. */
  readonly pedido: number;
  readonly em: Date;
  readonly causa: string;
}

interface Deps {
  readonly creditos: Pick<LivroDeCreditos, 'conceder'>;
  readonly solicitarEstorno: Pick<SolicitarEstornoHandler, 'execute'>;
  readonly encerrarCobranca: Pick<EncerrarCobrancaHandler, 'execute'>;
  readonly recusas: RecusasDeDevolucao;
}

/**
 * Gives the customer of a cancelled reservation the bonus and the money back; where no money goes back there may still
 * be a charge to close.
 */
export class AtenderCancelamentoHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: AtenderCancelamentoCommand): Promise<Result<void, RecusaDeEstorno>> {
    const { reservaId, clienteId, bonus, reembolso, pedido, em, causa } = command;
    if (bonus) await this.#deps.creditos.conceder(clienteId, bonus, `bonus:${reservaId}`, em);
    const pedida = reembolso && (await this.#devolver(command, reembolso));
    if (pedida?.isSuccess) return pedida;
    if (pedida && !semDinheiroAqui(pedida.error)) {
      await this.#deps.recusas.anunciar({ reservaId, clienteId, motivo: pedida.error.motivo, pedido, em });
      return pedida;
    }
    const motivo = 'RESERVA_CANCELADA';
    await this.#deps.encerrarCobranca.execute({ reservaId, clienteId, motivo, pedido, causa });
    return Result.ok(undefined);
  }

  #devolver({ reservaId, motivo, causa }: AtenderCancelamentoCommand, valor: Dinheiro) {
    return this.#deps.solicitarEstorno.execute({ reservaId, origem: 'CANCELAMENTO', valor, motivo, causa });
  }
}

/** An administrator has confirmed by hand what was never paid, or all of it is on its way back already. */
function semDinheiroAqui({ motivo }: RecusaDeEstorno): boolean {
  return motivo === 'TRANSICAO_INVALIDA';
}
