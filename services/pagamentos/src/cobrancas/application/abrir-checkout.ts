import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { ProviderAwayError } from '@plataforma/domain/work-queue';
import { decideAgain } from '../../pagamento/application/concurrency.ts';
import { GatewayError } from '../../pagamento/application/gateway-error.ts';
import type { Transacao } from '../../pagamento/application/ports.ts';
import { valorNoCartao } from '../../pagamento/domain/contas.ts';
import type { PagamentoEvent } from '../../pagamento/domain/eventos.ts';
import type { Cobranca, EstadoPagamento } from '../../pagamento/domain/pagamento.ts';
import type { PagamentoVersionado } from '../../pagamento/domain/pagamentos-repository.ts';
import { ProvedorIndisponivelError } from '../../pagamento/domain/recusa.ts';
import { abrirCheckout, encerrarSemCheckout, trocarTentativa } from '../domain/cobranca.ts';
import { usaCreditos, usarCreditos } from '../domain/uso-de-creditos.ts';
import type { GatewayDeCheckouts, ObservadorDeCobrancas, PedidoDeCheckout, SessaoAberta } from './ports.ts';

export interface AbrirCheckoutCommand {
  readonly pagamentoId: string;
  /** What led to it, for the history of the payment. */
  readonly causa: string;
  /** The payment as the caller has just seen it, when it has. */
  readonly conhecido?: PagamentoVersionado;
}

interface Deps {
  readonly uow: UnitOfWork<Transacao>;
  readonly gateway: GatewayDeCheckouts;
  readonly clock: Clock;
  readonly observador: ObservadorDeCobrancas;
}

type Resultado = Result<PagamentoVersionado, ProvedorIndisponivelError>;

/** More than one lost attempt in a row means a defect; the sweep comes back to it later. */
const MAX_TROCAS = 2;

/**
 * Opens the checkout of a charge that has none: transaction, provider, transaction. It may die anywhere in between and
 * be repeated by another process: the attempt is on record before the call and its idempotency key answers the same session.
 */
export class AbrirCheckoutHandler {
  readonly #deps: Deps;
  readonly #emCurso = new Map<string, Promise<Resultado>>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Callers that come at the same time, such as the RPC and the event of one reservation, share one call. */
  execute(command: AbrirCheckoutCommand): Promise<Resultado> {
    const { pagamentoId } = command;
    const emCurso = this.#emCurso.get(pagamentoId);
    if (emCurso) return emCurso;
    const nova = this.#abrir(command).finally(() => this.#emCurso.delete(pagamentoId));
    this.#emCurso.set(pagamentoId, nova);
    return nova;
  }

  async #abrir({ pagamentoId, causa, conhecido }: AbrirCheckoutCommand): Promise<Resultado> {
    const { gateway, clock } = this.#deps;
    let atual = conhecido;
    for (let trocas = 0; ; trocas++) {
      atual = await this.#decidir(pagamentoId, causa, atual, (estado) =>
        encerrarSemCheckout(estado, clock.now()),
      );
      if (usaCreditos(atual.estado)) atual = await this.#usarCreditos(atual.estado, causa);
      const pedido = pedidoDeCheckout(atual.estado);
      if (!pedido) return Result.ok(atual);
      try {
        atual = await this.#registrar(pedido, await gateway.abrirCheckout(pedido), causa, atual);
        // It asked for more than the card is to pay, because credit was used meanwhile.
        if (!pedidoDeCheckout(atual.estado) || trocas >= MAX_TROCAS) return Result.ok(atual);
      } catch (error) {
        const away = error instanceof ProviderAwayError;
        if (!away && !(error instanceof GatewayError)) throw error;
        this.#deps.observador.checkoutFalhou(pagamentoId, error);
        if (away || error.falha !== 'TENTATIVA_PERDIDA' || trocas >= MAX_TROCAS)
          return Result.fail(new ProvedorIndisponivelError(pagamentoId, error));
        atual = await this.#trocar(pedido, causa, atual);
      }
    }
  }

  /** The customer's lock comes before anything is written, as for all who move credit. */
  #usarCreditos({ id, clienteId }: Cobranca, causa: string): Promise<PagamentoVersionado> {
    return decideAgain(() =>
      this.#deps.uow.run(async ({ pagamentos, creditos }) => {
        const agora = this.#deps.clock.now();
        const disponivel = await creditos.disponivel(clienteId, agora);
        const atual = await pagamentos.findById(id);
        return pagamentos.append(atual, usarCreditos(atual.estado, agora, disponivel), causa);
      }),
    );
  }

  #registrar(pedido: PedidoDeCheckout, sessao: SessaoAberta, causa: string, atual: PagamentoVersionado) {
    return this.#decidir(pedido.pagamentoId, causa, atual, (estado) =>
      abrirCheckout(estado, pedido.tentativa, sessao, this.#deps.clock.now()),
    );
  }

  #trocar(pedido: PedidoDeCheckout, causa: string, atual: PagamentoVersionado) {
    return this.#decidir(pedido.pagamentoId, causa, atual, (estado) =>
      trocarTentativa(estado, pedido.tentativa, this.#deps.clock.now()),
    );
  }

  /** On what is known, if anything is: when it is out of date the event store says so, and it is read. */
  #decidir(
    pagamentoId: string,
    causa: string,
    conhecido: PagamentoVersionado | undefined,
    decisao: (estado: EstadoPagamento) => readonly PagamentoEvent[],
  ): Promise<PagamentoVersionado> {
    let ponto = conhecido;
    return decideAgain(async () => {
      const visto = ponto;
      ponto = undefined;
      const eventos = visto && decisao(visto.estado);
      if (visto && eventos?.length === 0) return visto;
      return this.#deps.uow.run(async ({ pagamentos }) => {
        if (visto && eventos) return pagamentos.append(visto, eventos, causa);
        const atual = await pagamentos.findById(pagamentoId);
        return pagamentos.append(atual, decisao(atual.estado), causa);
      });
    });
  }
}

function pedidoDeCheckout(estado: EstadoPagamento): PedidoDeCheckout | undefined {
  if (estado.fase !== 'PENDENTE' || estado.checkout || !estado.tentativa) return undefined;
  const { id, reservaId, clienteId, descricao, tentativa } = estado;
  const { numero, expiraEm } = tentativa;
  const valor = valorNoCartao(estado);
  return { pagamentoId: id, reservaId, clienteId, tentativa: numero, valor, descricao, expiraEm };
}
