import type { Clock } from '@plataforma/domain/clock';
import { DomainError } from '@plataforma/domain/domain-error';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { ProviderAwayError, PutOff, WorkQueue } from '@plataforma/domain/work-queue';
import { aprovar } from '../../cobrancas/domain/captura.ts';
import { expirarSessao, recusarCartao } from '../../cobrancas/domain/cobranca.ts';
import { seguirDisputa } from '../../estornos/domain/disputa.ts';
import { seguirEstornos } from '../../estornos/domain/estorno.ts';
import { decideAgain } from '../../pagamento/application/concurrency.ts';
import type { PagamentoEvent } from '../../pagamento/domain/eventos.ts';
import type { EstadoPagamento } from '../../pagamento/domain/pagamento.ts';
import { msLater, nextTry, nextTryWhileAway } from '../../trabalhos/application/backoff.ts';
import { KeyedQueue } from '../../trabalhos/application/keyed-queue.ts';
import type { Fato } from '../domain/fato.ts';
import type {
  CaixaDeWebhooks,
  InterpreteDeWebhooks,
  ObservadorDeWebhooks,
  TransacaoComWebhooks,
  WebhookRecebido,
  WebhookReivindicado,
} from './ports.ts';

interface Deps {
  readonly uow: UnitOfWork<TransacaoComWebhooks>;
  readonly caixa: CaixaDeWebhooks;
  readonly interprete: InterpreteDeWebhooks;
  readonly clock: Clock;
  readonly observador: ObservadorDeWebhooks;
}

type FatoRelevante = Exclude<Fato, { tipo: 'IRRELEVANTE' }>;
type Decisao = Result<readonly PagamentoEvent[], DomainError>;

/**
 * How long a webhook is kept from other workers. A slow attempt may be overtaken: that costs a call, never an effect,
 * because effect and `PROCESSADO` are one transaction.
 */
const POSSE_MS = 10_000;
const ESPERA_MAXIMA_MS = 5 * 60_000;
/** About one and a half hours of trying. */
const MAX_TENTATIVAS = 25;

/** Deals with webhooks, in whatever order they come: those that are stored one at a time, others as they arrive. */
export class ProcessarWebhookHandler implements WorkQueue<WebhookReivindicado> {
  readonly #deps: Deps;
  readonly #byPagamento = new KeyedQueue();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  due(): Promise<readonly WebhookReivindicado[]> {
    const { caixa, clock } = this.#deps;
    const agora = clock.now();
    return caixa.reivindicar(agora, msLater(agora, POSSE_MS));
  }

  /**
   * Deals with a webhook in the very transaction that stores it; false when it was stored before. Undefined when nothing
   * came of it and nothing is stored: it has to be asked about, or failed, so it is one for the queue.
   */
  async aoChegar(webhook: WebhookRecebido): Promise<boolean | undefined> {
    const { interprete, observador } = this.#deps;
    try {
      const fato = interprete.fatoAssinado(webhook);
      if (!fato || fato.tipo === 'IRRELEVANTE') return undefined;
      const novo = await this.#aplicar(webhook, fato, (tx, agora) => tx.webhooks.guardar(webhook, agora));
      if (novo) observador.webhookTratado(webhook, 'processado');
      return novo;
    } catch {
      // Whatever it is, the queue meets it again, and tells of it.
      return undefined;
    }
  }

  /** What another worker has dealt with meanwhile is told of by that one. */
  async execute(webhook: WebhookReivindicado): Promise<void> {
    const fato = await this.#deps.interprete.interpretar(webhook);
    const resultado = fato.tipo === 'IRRELEVANTE' ? 'ignorado' : 'processado';
    const feito =
      fato.tipo === 'IRRELEVANTE'
        ? await this.#ignorar(webhook)
        : await this.#aplicar(webhook, fato, (tx, agora) =>
            tx.webhooks.concluir(webhook.id, 'PROCESSADO', agora),
          );
    if (feito) this.#deps.observador.webhookTratado(webhook, resultado);
  }

  #ignorar({ id }: WebhookReivindicado): Promise<boolean> {
    const { uow, clock } = this.#deps;
    return uow.run((tx) => tx.webhooks.concluir(id, 'IGNORADO', clock.now()));
  }

  /**
   * A payment is told by several events at once: one after the other none of them is decided in vain.
   *
   * @param marcar notes that the webhook is dealt with; false when it has been before, and nothing more is done
   */
  #aplicar(
    { id }: WebhookRecebido,
    fato: FatoRelevante,
    marcar: (tx: TransacaoComWebhooks, agora: Date) => Promise<boolean>,
  ): Promise<boolean> {
    const { uow, clock } = this.#deps;
    const aplicar = () =>
      uow.run(async (tx) => {
        const agora = clock.now();
        const [primeira, atual] = await Promise.all([
          marcar(tx, agora),
          tx.pagamentos.findById(fato.pagamentoId),
        ]);
        if (!primeira) return false;
        const decidido = decidir(atual.estado, fato, agora);
        if (decidido.isFailure) throw decidido.error;
        await tx.pagamentos.append(atual, decidido.value, `webhook:${id}`);
        return true;
      });
    return this.#byPagamento.run(fato.pagamentoId, () => decideAgain(aplicar));
  }

  /** No retry changes a decision of the domain; anything else may pass. */
  async putOff(webhook: WebhookReivindicado, error: unknown): Promise<PutOff> {
    const { caixa, clock, observador } = this.#deps;
    const { id, tentativas } = webhook;
    const agora = clock.now();
    const motivo = error instanceof DomainError ? error.motivo : String(error);
    const givenUp = error instanceof DomainError || tentativas >= MAX_TENTATIVAS;
    if (givenUp) await caixa.estacionar(id, motivo, agora);
    else await caixa.adiar(id, nextTry(agora, tentativas, ESPERA_MAXIMA_MS), motivo);
    observador.webhookTratado(webhook, givenUp ? 'estacionado' : 'adiado', error);
    return { item: id, failures: tentativas, givenUp };
  }

  /** A provider that is away costs no attempt. */
  async giveBack(webhook: WebhookReivindicado, error: ProviderAwayError): Promise<void> {
    const { caixa, clock, observador } = this.#deps;
    const tentarEm = nextTryWhileAway(clock.now(), webhook.recebidoEm, ESPERA_MAXIMA_MS);
    await caixa.devolver(webhook.id, tentarEm, String(error));
    observador.webhookTratado(webhook, 'adiado', error);
  }
}

function decidir(estado: EstadoPagamento, fato: FatoRelevante, em: Date): Decisao {
  switch (fato.tipo) {
    case 'PAGO':
      return aprovar(estado, fato, em);
    case 'RECUSADO':
      return Result.ok(recusarCartao(estado, { recusaId: fato.recusaId, codigo: fato.codigo }, em));
    case 'EXPIRADO':
      return Result.ok(expirarSessao(estado, fato.sessaoId, em));
    case 'ESTORNOS':
      return Result.ok(seguirEstornos(estado, fato.noticias, em));
    case 'DISPUTA':
      return Result.ok(seguirDisputa(estado, fato.noticia, em));
    default:
      return fato satisfies never;
  }
}
