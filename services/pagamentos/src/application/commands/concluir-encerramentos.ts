import type { Clock } from '@plataforma/domain/clock';
import { aprovar, expirarSessao } from '../../domain/decisoes.ts';
import type { EstadoPagamento } from '../../domain/pagamento.ts';
import { decidirDeNovo } from '../concorrencia.ts';
import { depois, proximaVez } from '../espera.ts';
import type { FilaDeCobrancas } from '../ports/filas.ts';
import type { Observacao } from '../ports/observacao.ts';
import type { GatewayPagamento, SituacaoDaSessao } from '../ports/provedor.ts';
import type { UnitOfWork } from '../ports.ts';

interface Deps {
  readonly fila: FilaDeCobrancas;
  readonly uow: UnitOfWork;
  readonly gateway: GatewayPagamento;
  readonly clock: Clock;
  readonly observacao: Observacao;
}

/** Longer than the calls of one turn, and short enough for whoever comes after a crash. */
const POSSE_MS = 15_000;
const ESPERA_MAXIMA_MS = 30_000;

/**
 * Expires the checkouts of charges that are to be closed, and records how the provider says that they ended: unpaid,
 * or paid after all. It may die anywhere in between: the intention is on record, and a closed session answers the same.
 */
export class ConcluirEncerramentos {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Works on the next charge due; false when none is. */
  async executarProximo(): Promise<boolean> {
    const { fila, clock, observacao } = this.#deps;
    const agora = clock.now();
    const pendente = await fila.reivindicar(agora, depois(agora, POSSE_MS));
    if (!pendente) return false;
    const { pagamentoId, falhas } = pendente;
    try {
      await this.#concluir(pagamentoId, falhas + 1);
    } catch (error) {
      observacao.encerramentoFalhou(pagamentoId, error);
      await fila.adiar(pagamentoId, proximaVez(clock.now(), falhas + 1, ESPERA_MAXIMA_MS), String(error));
    }
    return true;
  }

  async #concluir(pagamentoId: string, vez: number): Promise<void> {
    const { uow, gateway } = this.#deps;
    const { estado } = await uow.run((tx) => tx.pagamentos.load(pagamentoId));
    if (estado.fase !== 'PENDENTE' || !estado.checkout) return;
    const { sessaoId } = estado.checkout;
    const situacao = await gateway.encerrarSessao(sessaoId, vez);
    if (situacao.situacao === 'ABERTA') throw new Error(`session ${sessaoId} is just being paid`);
    await this.#registrar(pagamentoId, sessaoId, situacao);
  }

  #registrar(pagamentoId: string, sessaoId: string, situacao: SituacaoDaSessao): Promise<void> {
    return decidirDeNovo(() =>
      this.#deps.uow.run(async ({ pagamentos }) => {
        const atual = await pagamentos.load(pagamentoId);
        const eventos = desfecho(
          atual.estado,
          { pagamentoId, sessaoId, ...situacao },
          this.#deps.clock.now(),
        );
        await pagamentos.append(atual, eventos, 'encerramento');
      }),
    );
  }
}

/**
 * What the end of a session means for its charge.
 *
 * @throws DomainError when other money was captured than was charged: somebody has to look.
 */
function desfecho(
  estado: EstadoPagamento,
  sessao: SituacaoDaSessao & { readonly pagamentoId: string; readonly sessaoId: string },
  em: Date,
) {
  const { pagamentoId, sessaoId, situacao, intencaoId, valor } = sessao;
  if (situacao === 'ABERTA') return [];
  if (situacao === 'EXPIRADA') return expirarSessao(estado, sessaoId, em);
  if (intencaoId === undefined) throw new Error(`session ${sessaoId} is paid without a payment intent`);
  const aprovado = aprovar(estado, { pagamentoId, intencaoId, valor }, em);
  if (aprovado.isFailure) throw aprovado.error;
  return aprovado.value;
}

export { desfecho };
