import { ConfigError } from '@plataforma/runtime/config';
import { DnsResolvedor } from '../rede/infrastructure/resolvedor.ts';
import type { Carteiro } from './application/carteiro.ts';
import type { Vigias } from './infrastructure/canal.ts';
import { CanalObservado } from './infrastructure/canal-observado.ts';
import { createDisjuntores } from './infrastructure/push/disjuntores-observados.ts';
import { servicoDoEndpoint } from './infrastructure/push/endpoint.ts';
import { FcmCarteiro } from './infrastructure/push/fcm-carteiro.ts';
import { FCM, PushCarteiro } from './infrastructure/push/push-carteiro.ts';
import type { PushConfig } from './infrastructure/push/push-config.ts';
import { WebPushCarteiro } from './infrastructure/push/web-push-carteiro.ts';

interface Deps extends Vigias {
  readonly config: PushConfig;
}

const WEB_PUSH = 'web-push';

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
  const fcm = conta && observado(FCM, new FcmCarteiro({ url, conta }));
  const webPush =
    chave && contato !== undefined
      ? observado(WEB_PUSH, new WebPushCarteiro({ chave, contato, hosts, permiteLocal, resolvedor }))
      : undefined;
  if (!fcm && !webPush) return undefined;
  const doNavegador = (servico: string | undefined) =>
    servico !== undefined && hosts.includes(servico) ? `${WEB_PUSH} ${servico}` : WEB_PUSH;
  const provedores = [
    ...(fcm ? [FCM] : []),
    ...(webPush ? [...hosts.map(doNavegador), ...(permiteLocal ? [WEB_PUSH] : [])] : []),
  ];
  return new PushCarteiro({
    ...{ fcm, webPush, disjuntores: createDisjuntores(provedores, { logger, metrics }) },
    servicoDe: ({ endpoint }) => doNavegador(servicoDoEndpoint(endpoint, hosts)),
  });
}
