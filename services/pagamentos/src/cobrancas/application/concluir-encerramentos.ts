import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { ProviderAwayError, PutOff, WorkQueue } from '@plataforma/domain/work-queue';
import { decideAgain } from '../../pagamento/application/concurrency.ts';
import type { ObservadorDePagamentos, Transacao } from '../../pagamento/application/ports.ts';
import type { EstadoPagamento } from '../../pagamento/domain/pagamento.ts';
import { msLater, nextTry, nextTryWhileAway } from '../../trabalhos/application/backoff.ts';
import { aprovar } from '../domain/captura.ts';
import { expirarSessao } from '../domain/cobranca.ts';
import type {
  FilaDeCobrancas,
  GatewayDeCheckouts,
  ObservadorDeCobrancas,
  SituacaoDaSessao,
  VezDeCobranca,
} from './ports.ts';

interface Deps {
  readonly fila: FilaDeCobrancas;
  readonly uow: UnitOfWork<Transacao>;
  readonly gateway: GatewayDeCheckouts;
  readonly clock: Clock;
  readonly observador: ObservadorDeCobrancas & Pick<ObservadorDePagamentos, 'divergiu'>;
}

/** Longer than the calls of one turn, and short enough for the worker that takes over after a crash. */
const POSSE_MS = 15_000;
const ESPERA_MAXIMA_MS = 30_000;

/**
 * Expires the checkouts of charges that are to be closed, or whose credit is to be used, and records how the provider says that they ended: unpaid,
 * or paid after all. It may die anywhere in between: the intention is on record, and a closed session answers the same.
 */
export class ConcluirEncerramentosHandler implements WorkQueue<VezDeCobranca> {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  due(): Promise<readonly VezDeCobranca[]> {
    const { fila, clock } = this.#deps;
    const agora = clock.now();
    return fila.reivindicar(agora, msLater(agora, POSSE_MS));
  }

  execute({ pagamentoId, falhas }: VezDeCobranca): Promise<void> {
    return this.#concluir(pagamentoId, falhas + 1);
  }

  async putOff({ pagamentoId, falhas }: VezDeCobranca, error: unknown): Promise<PutOff> {
    const { fila, clock } = this.#deps;
    const failures = falhas + 1;
    await fila.adiar(pagamentoId, nextTry(clock.now(), failures, ESPERA_MAXIMA_MS), String(error));
    return { item: pagamentoId, failures };
  }

  async giveBack({ pagamentoId, paradaDesde }: VezDeCobranca, error: ProviderAwayError): Promise<void> {
    const { fila, clock } = this.#deps;
    const tentarEm = nextTryWhileAway(clock.now(), paradaDesde, ESPERA_MAXIMA_MS);
    await fila.devolver(pagamentoId, tentarEm, String(error));
  }

  /** The turn of one charge that is known to wait; if it does not work out, the queue has it. */
  async concluirAgora(pagamentoId: string): Promise<void> {
    try {
      await this.#concluir(pagamentoId, 1);
    } catch (error) {
      this.#deps.observador.encerramentoFalhou(pagamentoId, error);
    }
  }

  async #concluir(pagamentoId: string, vez: number): Promise<void> {
    const { uow, gateway } = this.#deps;
    const { estado } = await uow.run((tx) => tx.pagamentos.findById(pagamentoId));
    if (estado.fase !== 'PENDENTE' || !estado.checkout) return;
    const { sessaoId } = estado.checkout;
    const situacao = await gateway.encerrarSessao(sessaoId, vez);
    if (situacao.situacao === 'ABERTA') throw new Error(`session ${sessaoId} is just being paid`);
    await this.#registrar(pagamentoId, sessaoId, situacao);
  }

  async #registrar(pagamentoId: string, sessaoId: string, situacao: SituacaoDaSessao): Promise<void> {
    const { uow, clock, observador } = this.#deps;
    const sessao = { pagamentoId, sessaoId, ...situacao };
    const recusa = await decideAgain(() =>
      uow.run(async ({ pagamentos }) => {
        const atual = await pagamentos.findById(pagamentoId);
        const decidido = desfecho(atual.estado, sessao, clock.now());
        // The customer cannot pay any more, and no reservation stands on other money: operators have to look.
        const eventos = decidido.isSuccess
          ? decidido.value
          : expirarSessao(atual.estado, sessaoId, clock.now());
        await pagamentos.append(atual, eventos, 'encerramento');
        return decidido.isFailure ? decidido.error.motivo : undefined;
      }),
    );
    if (recusa) observador.divergiu({ pagamentoId, detalhe: recusa, reparada: false });
  }
}

/** What the end of a session means for its charge; a failure when other money was captured than was charged. */
export function desfecho(
  estado: EstadoPagamento,
  sessao: SituacaoDaSessao & { readonly pagamentoId: string; readonly sessaoId: string },
  em: Date,
): ReturnType<typeof aprovar> {
  const { pagamentoId, sessaoId, situacao, intencaoId, valor } = sessao;
  if (situacao === 'ABERTA') return Result.ok([]);
  if (situacao === 'EXPIRADA') return Result.ok(expirarSessao(estado, sessaoId, em));
  if (intencaoId === undefined) throw new Error(`session ${sessaoId} is paid without a payment intent`);
  return aprovar(estado, { pagamentoId, intencaoId, valor }, em);
}
