import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { decideAgain } from '../../pagamento/application/concurrency.ts';
import type { ConsultaDePagamentos, Transacao } from '../../pagamento/application/ports.ts';
import { PagamentoNaoEncontradoError } from '../../pagamento/domain/recusa.ts';
import { type PedidoDeEstorno, type RecusaDeEstorno, solicitarEstorno } from '../domain/estorno.ts';

/** Money that is to go back, and what told us so. */
export type SolicitarEstornoCommand = Omit<PedidoDeEstorno, 'pagamentoId'> & { readonly causa: string } & (
    | { readonly pagamentoId: string }
    | { readonly reservaId: string }
  );

interface Deps {
  readonly uow: UnitOfWork<Transacao>;
  readonly consulta: ConsultaDePagamentos;
  readonly clock: Clock;
}

/** Records that money goes back; {@link ExecutarEstornosHandler} sees it through. */
export class SolicitarEstornoHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: SolicitarEstornoCommand): Promise<Result<void, RecusaDeEstorno>> {
    const { uow, consulta, clock } = this.#deps;
    const { causa, origem, valor, motivo, unico = false } = command;
    const id =
      'pagamentoId' in command ? command.pagamentoId : await consulta.idPorReserva(command.reservaId);
    if (id === undefined) return Result.fail(new PagamentoNaoEncontradoError(''));
    return decideAgain(() =>
      uow.run(async ({ pagamentos, claimKey }) => {
        await claimKey(id);
        const atual = await pagamentos.findById(id);
        const pedido = { pagamentoId: id, origem, valor, motivo, unico };
        const decidido = solicitarEstorno(atual.estado, pedido, clock.now());
        if (decidido.isFailure) return decidido;
        await pagamentos.append(atual, decidido.value, causa);
        return Result.ok(undefined);
      }),
    );
  }
}
