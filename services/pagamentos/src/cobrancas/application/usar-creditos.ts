import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { decideAgain } from '../../pagamento/application/concurrency.ts';
import type { ConsultaDePagamentos, PagamentoView, Transacao } from '../../pagamento/application/ports.ts';
import { visaoDe } from '../../pagamento/application/visao-do-pagamento.ts';
import type { Cobranca, EstadoPagamento } from '../../pagamento/domain/pagamento.ts';
import type { PagamentoVersionado } from '../../pagamento/domain/pagamentos-repository.ts';
import type { ProvedorIndisponivelError } from '../../pagamento/domain/recusa.ts';
import type { PedidoCobranca, RecusaDeCobranca } from '../domain/cobranca.ts';
import { pedirCreditos } from '../domain/uso-de-creditos.ts';
import type { AbrirCheckoutHandler } from './abrir-checkout.ts';
import type { ConcluirEncerramentosHandler } from './concluir-encerramentos.ts';
import type { CriarCobrancaHandler } from './criar-cobranca.ts';

/** Which charge credit is to pay, as it would be made now, and what led to it. */
export interface UsarCreditosCommand extends PedidoCobranca {
  readonly causa: string;
}

interface Deps {
  readonly uow: UnitOfWork<Transacao>;
  readonly consulta: Pick<ConsultaDePagamentos, 'idPorReserva'>;
  readonly criarCobranca: Pick<CriarCobrancaHandler, 'execute'>;
  readonly concluir: Pick<ConcluirEncerramentosHandler, 'concluirAgora'>;
  readonly abrirCheckout: Pick<AbrirCheckoutHandler, 'execute'>;
  readonly clock: Clock;
}

type Resposta = Result<PagamentoView, RecusaDeCobranca | ProvedorIndisponivelError>;

/** Another call may be opening a checkout meanwhile, which then has to be closed as well. */
const VOLTAS = 2;

/**
 * Has the customer's credit pay a charge that was made without it; makes the charge when there is none. The wish is on
 * record before the provider is asked to close the open checkout: whatever dies or is away then, the queues of closing and
 * opening finish it. Answers the payment as far as it came.
 */
export class UsarCreditosHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({ causa, ...pedido }: UsarCreditosCommand): Promise<Resposta> {
    const { consulta, criarCobranca } = this.#deps;
    const conhecido = await consulta.idPorReserva(pedido.reservaId);
    if (conhecido !== undefined) return this.#daCobranca(conhecido, pedido, causa);
    const criada = await criarCobranca.execute({ ...pedido, guardarCreditos: false, causa });
    // The event of the reservation may have been faster, and has made it without credit.
    return criada.isFailure ? criada : this.#daCobranca(criada.value.id, pedido, causa);
  }

  async #daCobranca(pagamentoId: string, pedido: PedidoCobranca, causa: string): Promise<Resposta> {
    const pedida = await decideAgain(() => this.#pedir(pagamentoId, pedido, causa));
    if (pedida.isFailure) return pedida;
    for (let volta = 0, atual = pedida.value; ; volta += 1) {
      if (comCheckout(atual.estado)) await this.#deps.concluir.concluirAgora(pagamentoId);
      const aberta = await this.#deps.abrirCheckout.execute({ pagamentoId, causa });
      if (aberta.isFailure) return aberta;
      const parada = volta === VOLTAS || sessaoDe(aberta.value.estado) === sessaoDe(atual.estado);
      atual = aberta.value;
      if (parada || !comCheckout(atual.estado)) return Result.ok(visaoDe(existente(atual), atual.versao));
    }
  }

  #pedir(
    pagamentoId: string,
    pedido: PedidoCobranca,
    causa: string,
  ): Promise<Result<PagamentoVersionado, RecusaDeCobranca>> {
    const { uow, clock } = this.#deps;
    return uow.run(async ({ pagamentos, creditos }) => {
      const agora = clock.now();
      // All who move credit lock the customer before anything else; here it is only looked at.
      const disponivel = await creditos.disponivel(pedido.clienteId, agora);
      const atual = await pagamentos.findById(pagamentoId);
      const decidido = pedirCreditos(existente(atual), pedido, agora, disponivel);
      if (decidido.isFailure) return decidido;
      return Result.ok(await pagamentos.append(atual, decidido.value, causa));
    });
  }
}

/** Whether a checkout has to be closed before the credit that was asked for can be used. */
function comCheckout(estado: EstadoPagamento): boolean {
  return estado.fase === 'PENDENTE' && estado.creditosPedidos === true && estado.checkout !== undefined;
}

function sessaoDe(estado: EstadoPagamento): string | undefined {
  return estado.fase === 'INEXISTENTE' ? undefined : estado.checkout?.sessaoId;
}

function existente({ id, estado }: PagamentoVersionado): Cobranca {
  if (estado.fase === 'INEXISTENTE') throw new Error(`payment ${id} does not exist`);
  return estado;
}
