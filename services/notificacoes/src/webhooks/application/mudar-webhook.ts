import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { UrlNaoPermitidaError } from '../../rede/domain/url-nao-permitida.ts';
import { DonoSemAcessoError, WebhookNaoEncontradoError } from '../domain/recusa.ts';
import { CHAVE_ANTERIOR_MS, type Inscricao, type Webhook } from '../domain/webhook.ts';
import type { WebhookComChave } from './criar-webhook.ts';
import type { Chaves, Destinos, Transacao, WebhooksRepository } from './ports.ts';

interface Deps {
  readonly chaves: Chaves;
  readonly clock: Clock;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly destinos: Destinos;
}

/** What administrators change of an address that is there. */
export class MudarWebhookHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async atualizar(
    id: string,
    inscricao: Inscricao,
  ): Promise<Result<Webhook, WebhookNaoEncontradoError | UrlNaoPermitidaError>> {
    const destino = this.#deps.destinos.ler(inscricao.url);
    if (destino.isFailure) return destino;
    return this.#mudar(id, (webhooks) => webhooks.atualizar(id, inscricao));
  }

  async ativar(id: string): Promise<Result<Webhook, WebhookNaoEncontradoError | DonoSemAcessoError>> {
    return this.#deps.uow.run(async ({ webhooks, claimKey }) => {
      await claimKey(id);
      const antes = await webhooks.findById(id);
      if (!antes) return Result.fail(new WebhookNaoEncontradoError());
      const { semAcesso } = await webhooks.travarDono(antes.donoId);
      if (semAcesso) return Result.fail(new DonoSemAcessoError());
      await webhooks.ativar(id);
      const depois = await webhooks.findById(id);
      return depois ? Result.ok(depois) : Result.fail(new WebhookNaoEncontradoError());
    });
  }

  desativar(id: string): Promise<Result<Webhook, WebhookNaoEncontradoError>> {
    return this.#mudar(id, (webhooks) => webhooks.desativar(id, 'PEDIDO'));
  }

  /** The key before signs beside the new one for a day, so that receivers have time to take it. */
  async trocarChave(id: string): Promise<Result<WebhookComChave, WebhookNaoEncontradoError>> {
    const { chaves, clock, uow } = this.#deps;
    return uow.run(async ({ webhooks, claimKey }) => {
      await claimKey(id);
      const antes = await webhooks.findById(id);
      if (!antes) return Result.fail(new WebhookNaoEncontradoError());
      const { selada, publicada } = chaves.nova(id, antes.assinatura);
      const chaveAnteriorAte = new Date(clock.now().getTime() + CHAVE_ANTERIOR_MS);
      if (!(await webhooks.trocarChave(id, { chave: selada, selo: chaves.selo }, chaveAnteriorAte)))
        return Result.fail(new WebhookNaoEncontradoError());
      return Result.ok({ webhook: { ...antes, chaveAnteriorAte }, publicada });
    });
  }

  async apagar(id: string): Promise<Result<void, WebhookNaoEncontradoError>> {
    return this.#deps.uow.run(async ({ webhooks, claimKey }) => {
      await claimKey(id);
      return (await webhooks.apagar(id))
        ? Result.ok(undefined)
        : Result.fail(new WebhookNaoEncontradoError());
    });
  }

  #mudar(
    id: string,
    mudar: (webhooks: WebhooksRepository) => Promise<boolean>,
  ): Promise<Result<Webhook, WebhookNaoEncontradoError>> {
    return this.#deps.uow.run(async ({ webhooks, claimKey }) => {
      await claimKey(id);
      await mudar(webhooks);
      const depois = await webhooks.findById(id);
      return depois ? Result.ok(depois) : Result.fail(new WebhookNaoEncontradoError());
    });
  }
}
