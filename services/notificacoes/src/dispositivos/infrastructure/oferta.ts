import { Result } from '@plataforma/domain/result';
import type { Aparelho } from '../../canais/domain/push.ts';
import { saoChaves } from '../../canais/infrastructure/push/aes128gcm.ts';
import { lerEndpoint } from '../../canais/infrastructure/push/endpoint.ts';
import type { InscricaoPedida, OfertaDePush } from '../application/ports.ts';
import { InscricaoPushInvalidaError, PushNaoOferecidoError } from '../domain/recusa.ts';

interface Options {
  readonly fcm: boolean;
  /** Undefined when browsers are not sent to. */
  readonly chavePublica: string | undefined;
  readonly hosts: readonly string[];
  readonly permiteLocal: boolean;
}

type WebPush = NonNullable<InscricaoPedida['webPush']>;
type Lida = ReturnType<OfertaDePush['ler']>;

/** What the configuration has push messages sent by. */
export class OfertaConfigurada implements OfertaDePush {
  readonly chavePublica: string | undefined;
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
    this.chavePublica = options.chavePublica;
  }

  ler({ tokenFcm, webPush }: InscricaoPedida): Lida {
    if ((tokenFcm === '') === (webPush === undefined))
      return recusa('é preciso um token do FCM ou uma inscrição Web Push');
    if (webPush !== undefined) return this.#webPush(webPush);
    if (!this.#options.fcm) return Result.fail(new PushNaoOferecidoError());
    return Result.ok<Aparelho>({ tipo: 'FCM', token: tokenFcm });
  }

  #webPush({ endpoint, p256dh, auth, ...pedida }: WebPush): Lida {
    const { chavePublica } = this;
    if (chavePublica === undefined) return Result.fail(new PushNaoOferecidoError());
    if (lerEndpoint(endpoint, this.#options).isFailure)
      return recusa('o endereço não é de um serviço de push conhecido');
    const chaves = { p256dh: Buffer.from(p256dh, 'base64url'), auth: Buffer.from(auth, 'base64url') };
    if (!saoChaves(chaves)) return recusa('as chaves da inscrição não são válidas');
    if (pedida.chavePublica !== '' && pedida.chavePublica !== chavePublica)
      return recusa('a inscrição foi feita com outra chave pública');
    return Result.ok<Aparelho>({ tipo: 'WEB_PUSH', endpoint, p256dh, auth, chavePublica });
  }
}

const recusa = (porque: string): Lida => Result.fail(new InscricaoPushInvalidaError(porque));
