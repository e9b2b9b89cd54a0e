import type { Carteiro, Entrega } from '../../application/carteiro.ts';
import type { Aparelho, AparelhoFcm, AparelhoWebPush, PushPara } from '../../domain/push.ts';

/** What carries messages to each kind of device; undefined where nothing does. */
interface Carteiros {
  readonly fcm: Carteiro<PushPara<AparelhoFcm>> | undefined;
  readonly webPush: Carteiro<PushPara<AparelhoWebPush>> | undefined;
}

/** Messages to devices of any kind, each by its own provider. None stands in for another one: a device is reached by one alone. */
export class PushCarteiro implements Carteiro<PushPara> {
  /** Kinds of devices that are reached. */
  readonly tipos: readonly Aparelho['tipo'][];
  readonly #carteiros: Carteiros;

  constructor(carteiros: Carteiros) {
    const { fcm, webPush } = carteiros;
    this.#carteiros = carteiros;
    this.tipos = [...(fcm ? (['FCM'] as const) : []), ...(webPush ? (['WEB_PUSH'] as const) : [])];
  }

  async enviar({ aparelho, ...mensagem }: PushPara): Promise<Entrega> {
    const { fcm, webPush } = this.#carteiros;
    if (aparelho.tipo === 'FCM' && fcm) return fcm.enviar({ ...mensagem, aparelho });
    if (aparelho.tipo === 'WEB_PUSH' && webPush) return webPush.enviar({ ...mensagem, aparelho });
    throw new Error(`nothing carries messages to devices of ${aparelho.tipo}`);
  }
}
