import {
  byInstant,
  byWholeNumber,
  type Pagina,
  type PaginaInvalidaError,
  type PaginaPedida,
  readPage,
} from '@plataforma/domain/page-token';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { EntregaNaoEncontradaError, WebhookNaoEncontradoError } from '../domain/recusa.ts';
import type { Entrega, SituacaoEntrega, Webhook } from '../domain/webhook.ts';
import type { Transacao } from './ports.ts';

interface ListarWebhooksQuery extends PaginaPedida {
  /** Whether events are sent to them; all when undefined. */
  readonly ativos: boolean | undefined;
}

interface ListarEntregasQuery extends PaginaPedida {
  readonly webhookId: string;
  readonly situacao: SituacaoEntrega | undefined;
}

/** Reads of addresses and of what was sent to them: every administrator sees all. */
export class WebhooksQueries {
  readonly #uow: Pick<UnitOfWork<Transacao>, 'run'>;

  constructor(uow: Pick<UnitOfWork<Transacao>, 'run'>) {
    this.#uow = uow;
  }

  async obter(id: string): Promise<Result<Webhook, WebhookNaoEncontradoError>> {
    const webhook = await this.#uow.run(({ webhooks }) => webhooks.findById(id));
    return webhook ? Result.ok(webhook) : Result.fail(new WebhookNaoEncontradoError());
  }

  listar({ ativos, ...pedida }: ListarWebhooksQuery): Promise<Result<Pagina<Webhook>, PaginaInvalidaError>> {
    const posicao = ({ id, criadoEm }: Webhook) => ({ ordem: criadoEm.toISOString(), id });
    return readPage(pedida, byInstant, posicao, (maximo, depoisDe) =>
      this.#uow.run(({ webhooks }) => webhooks.listar(ativos, maximo, depoisDe)),
    );
  }

  async entregas({
    webhookId,
    situacao,
    ...pedida
  }: ListarEntregasQuery): Promise<Result<Pagina<Entrega>, PaginaInvalidaError | WebhookNaoEncontradoError>> {
    const webhook = await this.obter(webhookId);
    if (webhook.isFailure) return webhook;
    const posicao = ({ sequencia, eventoId }: Entrega) => ({ ordem: sequencia, id: eventoId });
    return readPage(pedida, byWholeNumber, posicao, (maximo, depoisDe) =>
      this.#uow.run(({ entregas }) => entregas.listar({ webhookId, situacao }, maximo, depoisDe)),
    );
  }

  async entrega(webhookId: string, eventoId: string): Promise<Result<Entrega, EntregaNaoEncontradaError>> {
    const entrega = await this.#uow.run(({ entregas }) => entregas.findById(webhookId, eventoId));
    return entrega ? Result.ok(entrega) : Result.fail(new EntregaNaoEncontradaError());
  }
}
