import type { Clock } from '@plataforma/domain/clock';
import type { IdGenerator } from '@plataforma/domain/id';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { decideAgain } from '../../pagamento/application/concurrency.ts';
import type { ConsultaDePagamentos, PagamentoView, Transacao } from '../../pagamento/application/ports.ts';
import { visaoDe } from '../../pagamento/application/visao-do-pagamento.ts';
import { INEXISTENTE } from '../../pagamento/domain/pagamento.ts';
import type { PagamentoVersionado } from '../../pagamento/domain/pagamentos-repository.ts';
import type { ProvedorIndisponivelError } from '../../pagamento/domain/recusa.ts';
import { KeyedQueue } from '../../trabalhos/application/keyed-queue.ts';
import { criarCobranca, type PedidoCobranca, type RecusaDeCobranca } from '../domain/cobranca.ts';
import type { AbrirCheckoutHandler } from './abrir-checkout.ts';

/** What to charge, and what led to it. */
export interface CriarCobrancaCommand extends PedidoCobranca {
  /** The customer keeps their credit for later. */
  readonly guardarCreditos: boolean;
  readonly causa: string;
}

interface Deps {
  readonly uow: UnitOfWork<Transacao>;
  readonly consulta: Pick<ConsultaDePagamentos, 'porReserva'>;
  readonly ids: IdGenerator;
  readonly clock: Clock;
  readonly abrirCheckout: AbrirCheckoutHandler;
}

type Registro = Result<PagamentoVersionado, RecusaDeCobranca>;
type Cobrada = Result<PagamentoView, ProvedorIndisponivelError>;

/**
 * Charges a reservation once, however often it is asked for: the RPC and the event of the same reservation race, and
 * the unique reservation decides. Credit pays first, set aside in the transaction that records the charge. Answers the
 * payment; when the provider is away the charge stays on record.
 */
export class CriarCobrancaHandler {
  readonly #deps: Deps;
  readonly #byReserva = new KeyedQueue();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(
    command: CriarCobrancaCommand,
  ): Promise<Result<PagamentoView, RecusaDeCobranca | ProvedorIndisponivelError>> {
    const registro = await this.#byReserva.run(command.reservaId, () =>
      decideAgain(() => this.#registrar(command)),
    );
    if (registro.isFailure) return registro;
    return this.#comCheckout(registro.value.id, command.causa, registro.value);
  }

  /** What a call has charged, as it is now; its checkout is opened if it still lacks one. */
  repeat(pagamentoId: string, causa: string): Promise<Cobrada> {
    return this.#comCheckout(pagamentoId, causa);
  }

  async #comCheckout(pagamentoId: string, causa: string, conhecido?: PagamentoVersionado): Promise<Cobrada> {
    const abrir = { pagamentoId, causa, ...(conhecido && { conhecido }) };
    const checkout = await this.#deps.abrirCheckout.execute(abrir);
    if (checkout.isFailure) return checkout;
    const { estado, versao } = checkout.value;
    if (estado.fase === 'INEXISTENTE') {
      throw new Error(`payment ${pagamentoId} has been charged and does not exist`);
    }
    return Result.ok(visaoDe(estado, versao));
  }

  /**
   * What is charged already changes nothing, so it is only looked at. Each attempt takes a fresh identity: one that turns
   * out to be taken (the counter was lost) is skipped that way.
   */
  async #registrar({ causa, guardarCreditos, ...pedido }: CriarCobrancaCommand): Promise<Registro> {
    const { uow, consulta, ids, clock } = this.#deps;
    const existente = await consulta.porReserva(pedido.reservaId);
    if (existente) {
      const decidido = criarCobranca(existente.estado, existente.id, pedido, clock.now());
      return decidido.isFailure ? decidido : Result.ok(existente);
    }
    const novo: PagamentoVersionado = { id: await ids.next('pag'), versao: 0, estado: INEXISTENTE };
    return uow.run(async ({ pagamentos, creditos, claimKey }) => {
      await claimKey(novo.id);
      const agora = clock.now();
      const disponivel = guardarCreditos ? undefined : await creditos.disponivel(pedido.clienteId, agora);
      const decidido = criarCobranca(novo.estado, novo.id, pedido, agora, disponivel);
      if (decidido.isFailure) return decidido;
      return Result.ok(await pagamentos.append(novo, decidido.value, causa));
    });
  }
}
