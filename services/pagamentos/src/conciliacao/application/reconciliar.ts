import type { Clock } from '@plataforma/domain/clock';
import { DomainError } from '@plataforma/domain/domain-error';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { ProviderAwayError } from '@plataforma/domain/work-queue';
import { desfecho } from '../../cobrancas/application/concluir-encerramentos.ts';
import type { GatewayDeCheckouts } from '../../cobrancas/application/ports.ts';
import { reanunciarAprovacao } from '../../cobrancas/domain/captura.ts';
import type { GatewayDeEstornos } from '../../estornos/application/ports.ts';
import { seguirEstornos } from '../../estornos/domain/estorno.ts';
import { decideAgain } from '../../pagamento/application/concurrency.ts';
import type { Divergencia, Transacao } from '../../pagamento/application/ports.ts';
import type { PagamentoEvent } from '../../pagamento/domain/eventos.ts';
import type { CobrancaAprovada, EstadoPagamento } from '../../pagamento/domain/pagamento.ts';
import { msLater } from '../../trabalhos/application/backoff.ts';
import type { ContasEmAberto, PainelDeReconciliacao } from './ports.ts';

interface Deps {
  readonly uow: UnitOfWork<Transacao>;
  readonly gateway: Pick<GatewayDeCheckouts, 'consultarSessao'> & Pick<GatewayDeEstornos, 'listarEstornos'>;
  readonly painel: PainelDeReconciliacao;
  readonly clock: Clock;
}

interface Comparacao {
  readonly verificados: number;
  readonly divergencias: readonly Divergencia[];
  /** The provider did not answer, or the run was stopped: the rest is left to the next one. */
  readonly interrompida: boolean;
}

export interface RelatorioDeReconciliacao extends Comparacao, ContasEmAberto {
  /** What went wrong on the way. All else was done nevertheless. */
  readonly erros: readonly unknown[];
}

interface Rodada {
  verificados: number;
  interrompida: boolean;
  readonly divergencias: Divergencia[];
  readonly erros: unknown[];
}

/** The error is told beside it. */
const NADA_SE_SABE: ContasEmAberto = {
  semReserva: [],
  estornosAtrasados: [],
  encerramentosAtrasados: [],
  creditosDivergentes: [],
};

const PAGINA = 100;
const ABERTAS_A_CADA_MS = 5 * 60_000;
const PAGAS_A_CADA_MS = 24 * 60 * 60_000;
/** For as long as they can be refunded or disputed, as a rule. */
const PAGAS_DURANTE_MS = 120 * 24 * 60 * 60_000;

/**
 * Compares payments with what the provider says of them, and catches up with what was never heard: the same decisions
 * as for a webhook, so running it at any time, anywhere, as often as one likes changes nothing that is right already.
 */
export class ReconciliarHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** What is due. @param limite how many payments at most */
  async execute(limite: number): Promise<RelatorioDeReconciliacao> {
    return this.#relatar((rodada) => this.#compararVencidos(limite, rodada));
  }

  /**
   * Everything that the provider can be asked about, due or not.
   *
   * @param parar ends it after the payment in hand
   * @param progresso told now and then how many were compared
   */
  async tudo(parar: AbortSignal, progresso: (comparados: number) => void): Promise<RelatorioDeReconciliacao> {
    return this.#relatar(async (rodada) => {
      let depoisDe = '';
      while (!rodada.interrompida) {
        const ids = await this.#deps.painel.todos(depoisDe, PAGINA);
        await this.#comparar(ids, rodada, parar);
        progresso(rodada.verificados);
        if (ids.length < PAGINA) return;
        depoisDe = ids.at(-1) ?? '';
      }
    });
  }

  /** One part that fails keeps neither the others from their work, nor what was found from being told. */
  async #relatar(comparar: (rodada: Rodada) => Promise<void>): Promise<RelatorioDeReconciliacao> {
    const { painel, clock } = this.#deps;
    const rodada: Rodada = { verificados: 0, divergencias: [], interrompida: false, erros: [] };
    const anotar = (erro: unknown): undefined => {
      rodada.erros.push(erro);
    };
    await comparar(rodada).catch(anotar);
    await this.#perguntar(rodada).catch(anotar);
    const contas = await painel.contas(clock.now()).catch(anotar);
    return { ...rodada, ...(contas ?? NADA_SE_SABE) };
  }

  async #compararVencidos(limite: number, rodada: Rodada): Promise<void> {
    const { painel, clock } = this.#deps;
    const agora = clock.now();
    // A run that dies leaves them due when it would have come to open ones again.
    const ids = await painel.reivindicar(agora, msLater(agora, ABERTAS_A_CADA_MS), limite);
    await this.#comparar(ids, rodada);
    const [pagasEm, seguidasDesde] = [msLater(agora, PAGAS_A_CADA_MS), msLater(agora, -PAGAS_DURANTE_MS)];
    await painel.comparados(ids.slice(0, rodada.verificados), pagasEm, seguidasDesde);
    if (rodada.interrompida) await painel.soltar(ids.slice(rodada.verificados), agora);
  }

  async #comparar(ids: readonly string[], rodada: Rodada, parar?: AbortSignal): Promise<void> {
    for (const id of ids) {
      const resultado = parar?.aborted ? 'PARADA' : await this.#verificar(id);
      rodada.interrompida = typeof resultado === 'string';
      if (rodada.interrompida) return;
      rodada.verificados++;
      if (typeof resultado === 'object') rodada.divergencias.push(resultado);
    }
  }

  /** reservas answers, whatever it has: the reservation is confirmed, or the money goes back. */
  async #perguntar({ divergencias, erros }: Rodada): Promise<void> {
    const { painel, clock } = this.#deps;
    for (const pagamentoId of await painel.semReserva(clock.now())) {
      try {
        const eventos = await this.#decidir(pagamentoId, (atual) => reanunciarAprovacao(atual, clock.now()));
        for (const { tipo } of eventos) divergencias.push({ pagamentoId, detalhe: tipo, reparada: true });
      } catch (error) {
        erros.push(new Error(`could not ask about ${pagamentoId}`, { cause: error }));
      }
    }
  }

  async #verificar(pagamentoId: string): Promise<Divergencia | 'PROVEDOR_INDISPONIVEL' | undefined> {
    try {
      const faltavam = await this.#alinhar(pagamentoId);
      if (faltavam.length === 0) return undefined;
      return { pagamentoId, detalhe: faltavam.map(({ tipo }) => tipo).join(', '), reparada: true };
    } catch (error) {
      if (error instanceof ProviderAwayError) return 'PROVEDOR_INDISPONIVEL';
      const detalhe = error instanceof DomainError ? error.motivo : String(error);
      return { pagamentoId, detalhe, reparada: false };
    }
  }

  async #alinhar(pagamentoId: string): Promise<readonly PagamentoEvent[]> {
    const { uow } = this.#deps;
    const { estado } = await uow.run((tx) => tx.pagamentos.findById(pagamentoId));
    if (estado.fase === 'APROVADO') return this.#alinharEstornos(estado);
    if (estado.fase !== 'PENDENTE' || !estado.checkout) return [];
    const { sessaoId } = estado.checkout;
    const sessao = { pagamentoId, sessaoId, ...(await this.#deps.gateway.consultarSessao(sessaoId)) };
    return this.#decidir(pagamentoId, (atual) => {
      const decidido = desfecho(atual, sessao, this.#deps.clock.now());
      if (decidido.isFailure) throw decidido.error;
      return decidido.value;
    });
  }

  async #alinharEstornos({ id, aprovacao }: CobrancaAprovada): Promise<readonly PagamentoEvent[]> {
    if (aprovacao.intencaoId === undefined) return [];
    const noticias = await this.#deps.gateway.listarEstornos(aprovacao.intencaoId);
    return this.#decidir(id, (atual) => seguirEstornos(atual, noticias, this.#deps.clock.now()));
  }

  #decidir(
    pagamentoId: string,
    decisao: (estado: EstadoPagamento) => readonly PagamentoEvent[],
  ): Promise<readonly PagamentoEvent[]> {
    return decideAgain(() =>
      this.#deps.uow.run(async ({ pagamentos }) => {
        const atual = await pagamentos.findById(pagamentoId);
        const eventos = decisao(atual.estado);
        await pagamentos.append(atual, eventos, 'reconciliacao');
        return eventos;
      }),
    );
  }
}
