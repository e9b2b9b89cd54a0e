import type { Clock } from '@plataforma/domain/clock';
import { type IdGenerator, withNewId } from '@plataforma/domain/id';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { UrlNaoPermitidaError } from '../../rede/domain/url-nao-permitida.ts';
import { DonoSemAcessoError, LimiteDeWebhooksError, WebhookNaoEncontradoError } from '../domain/recusa.ts';
import { type Inscricao, MAXIMO_WEBHOOKS, type TipoDeAssinatura, type Webhook } from '../domain/webhook.ts';
import type { Chaves, Destinos, Transacao } from './ports.ts';

export interface CriarWebhookCommand {
  readonly donoId: string;
  readonly inscricao: Inscricao;
  readonly assinatura: TipoDeAssinatura;
}

/** With the key that its receiver needs, which is told to the call that makes it and to none besides. */
export interface WebhookComChave {
  readonly webhook: Webhook;
  readonly publicada: string;
}

interface Deps {
  readonly chaves: Chaves;
  readonly ids: IdGenerator;
  readonly clock: Clock;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly destinos: Destinos;
}

export class CriarWebhookHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({
    donoId,
    inscricao,
    assinatura,
  }: CriarWebhookCommand): Promise<
    Result<WebhookComChave, LimiteDeWebhooksError | UrlNaoPermitidaError | DonoSemAcessoError>
  > {
    const { chaves, ids, clock, uow, destinos } = this.#deps;
    const destino = destinos.ler(inscricao.url);
    if (destino.isFailure) return destino;
    return withNewId(ids, 'whk', (id) => {
      const { selada: chave, publicada } = chaves.nova(id, assinatura);
      const criadoEm = clock.now();
      const novo = { ...inscricao, id, donoId, assinatura, chave, selo: chaves.selo, criadoEm };
      return uow.run(async ({ webhooks, claimKey }) => {
        await claimKey(id);
        const { quantos, semAcesso } = await webhooks.travarDono(donoId);
        if (semAcesso) return Result.fail(new DonoSemAcessoError());
        if (quantos >= MAXIMO_WEBHOOKS) return Result.fail(new LimiteDeWebhooksError(MAXIMO_WEBHOOKS));
        await webhooks.add(novo);
        const { chave: _, selo: __, ...webhook } = novo;
        const inicio = { chaveAnteriorAte: undefined, desativadoPor: undefined, falhandoDesde: undefined };
        return Result.ok({ webhook: { ...webhook, ...inicio }, publicada });
      });
    });
  }

  /** What an earlier attempt of the same call has made, or changed the key of. */
  async repeat(id: string): Promise<Result<WebhookComChave, WebhookNaoEncontradoError>> {
    const { chaves, uow } = this.#deps;
    const webhook = await uow.run(({ webhooks }) => webhooks.findById(id));
    if (!webhook) return Result.fail(new WebhookNaoEncontradoError());
    return Result.ok({ webhook, publicada: chaves.publicada(webhook) });
  }
}
