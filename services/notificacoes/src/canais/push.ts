import { ConfigError } from '@plataforma/runtime/config';
import { DnsResolvedor } from '../rede/infrastructure/resolvedor.ts';
import type { Carteiro } from './application/carteiro.ts';
import type { Vigias } from './infrastructure/canal.ts';
import { CanalObservado } from './infrastructure/canal-observado.ts';
import { FcmCarteiro } from './infrastructure/push/fcm-carteiro.ts';
import { PushCarteiro } from './infrastructure/push/push-carteiro.ts';
import type { PushConfig } from './infrastructure/push/push-config.ts';
import { WebPushCarteiro } from './infrastructure/push/web-push-carteiro.ts';

interface Deps extends Vigias {
  readonly config: PushConfig;
}

/** Push messages, to the kinds of devices that the configuration has keys for; undefined when it has none. */
export function createPush({ config, logger, metrics }: Deps): PushCarteiro | undefined {
  const { fcmServiceAccount: conta, vapidPrivateKey: chave, webPushSubject: contato } = config;
  if ((chave === undefined) !== (contato === undefined))
    throw new ConfigError(['WEB_PUSH_VAPID_PRIVATE_KEY and WEB_PUSH_SUBJECT are needed together']);
  const observado = <M>(provedor: string, carteiro: Carteiro<M>) =>
    new CanalObservado(carteiro, { canal: 'PUSH', provedor, logger, metrics });
  const url = config.fcmUrl.replace(/\/+$/, '');
  const { webPushHosts: hosts, webPushAllowLoopback: permiteLocal } = config;
  const resolvedor = new DnsResolvedor();
  const fcm = conta && observado('fcm', new FcmCarteiro({ url, conta }));
  const webPush =
    chave && contato !== undefined
      ? observado('web-push', new WebPushCarteiro({ chave, contato, hosts, permiteLocal, resolvedor }))
      : undefined;
  return fcm || webPush ? new PushCarteiro({ fcm, webPush }) : undefined;
}
