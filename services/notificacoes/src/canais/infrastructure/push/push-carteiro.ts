import type { Carteiro, Entrega } from '../../application/carteiro.ts';
import type { Aparelho, AparelhoFcm, AparelhoWebPush, PushPara } from '../../domain/push.ts';
import type { Disjuntores } from './disjuntores.ts';

interface Options {
  /** What carries messages to each kind of device; undefined where nothing does. */
  readonly fcm: Carteiro<PushPara<AparelhoFcm>> | undefined;
  readonly webPush: Carteiro<PushPara<AparelhoWebPush>> | undefined;
  readonly disjuntores: Disjuntores;
  /** The provider of a browser: each push service is one. */
  readonly servicoDe: (aparelho: AparelhoWebPush) => string;
}

/** FCM, as metrics and breakers name it. */
export const FCM = 'fcm';

/**
 * Messages to devices of any kind, each by its own provider. None stands in for another one, for a device is reached by one alone, and
 * none that is away keeps those waiting whom another one reaches.
 */
export class PushCarteiro implements Carteiro<PushPara> {
  /** Kinds of devices that are reached. */
  readonly tipos: readonly Aparelho['tipo'][];
  readonly #options: Options;

  constructor(options: Options) {
    const { fcm, webPush } = options;
    this.#options = options;
    this.tipos = [...(fcm ? (['FCM'] as const) : []), ...(webPush ? (['WEB_PUSH'] as const) : [])];
  }

  async enviar({ aparelho, ...mensagem }: PushPara): Promise<Entrega> {
    const { fcm, webPush, disjuntores, servicoDe } = this.#options;
    if (aparelho.tipo === 'FCM' && fcm)
      return disjuntores.enviar(FCM, () => fcm.enviar({ ...mensagem, aparelho }));
    if (aparelho.tipo === 'WEB_PUSH' && webPush)
      return disjuntores.enviar(servicoDe(aparelho), () => webPush.enviar({ ...mensagem, aparelho }));
    throw new Error(`nothing carries messages to devices of ${aparelho.tipo}`);
  }

  close(): void {
    this.#options.disjuntores.close();
  }
}
