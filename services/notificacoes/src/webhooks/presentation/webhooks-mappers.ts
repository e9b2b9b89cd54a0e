import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  DesativadoPor,
  type Entrega as EntregaProto,
  EntregaSchema,
  SituacaoEntrega,
  SituacaoWebhook,
  TipoDeAssinatura,
  TipoDeEvento,
  type Webhook as WebhookProto,
  WebhookSchema,
} from '@plataforma/contratos/notificacoes/v1/webhook_pb';
import { nameFrom } from '@plataforma/runtime/enum-names';
import type { Entrega, Inscricao, SituacaoEntrega as Situacao, Webhook } from '../domain/webhook.ts';

/** @param chave what its receiver verifies by; only for the call that makes it */
export function toWebhookProto(webhook: Webhook, chave = ''): WebhookProto {
  const { id, donoId, nome, url, tipos, espacoIds, assinatura, desativadoPor } = webhook;
  const { chaveAnteriorAte, falhandoDesde, criadoEm } = webhook;
  return create(WebhookSchema, {
    ...{ id, donoId, nome, url, chave },
    espacoIds: [...espacoIds],
    tipos: tipos.map((tipo) => TipoDeEvento[tipo]),
    assinatura: TipoDeAssinatura[assinatura],
    situacao: desativadoPor ? SituacaoWebhook.DESATIVADO : SituacaoWebhook.ATIVO,
    desativadoPor: desativadoPor ? DesativadoPor[desativadoPor] : DesativadoPor.UNSPECIFIED,
    ...(chaveAnteriorAte && { chaveAnteriorAte: timestampFromDate(chaveAnteriorAte) }),
    ...(falhandoDesde && { falhandoDesde: timestampFromDate(falhandoDesde) }),
    criadoEm: timestampFromDate(criadoEm),
  });
}

export function toEntregaProto(entrega: Entrega): EntregaProto {
  const { eventoId, tipo, situacao, tentativas, criadoEm, ultimaEm, proximaEm } = entrega;
  const { statusHttp, duracaoMs, erro, corpo, resposta } = entrega;
  return create(EntregaSchema, {
    ...{ eventoId, tentativas, statusHttp, duracaoMs, erro, corpo, resposta },
    tipo: TipoDeEvento[tipo],
    situacao: SituacaoEntrega[situacao],
    criadoEm: timestampFromDate(criadoEm),
    ...(ultimaEm && { ultimaTentativaEm: timestampFromDate(ultimaEm) }),
    ...(proximaEm && { proximaTentativaEm: timestampFromDate(proximaEm) }),
  });
}

interface Pedida {
  readonly nome: string;
  readonly url: string;
  readonly tipos: readonly TipoDeEvento[];
  readonly espacoIds: readonly string[];
}

/** Validation has refused events that do not exist, or that nobody subscribes to. */
export function inscricaoFrom({ nome, url, tipos, espacoIds }: Pedida): Inscricao {
  const nomes = tipos.map((tipo) => nameFrom(TipoDeEvento, tipo)).filter((tipo) => tipo !== undefined);
  return { nome, url, tipos: nomes, espacoIds };
}

export const assinaturaFrom = (assinatura: TipoDeAssinatura) =>
  nameFrom(TipoDeAssinatura, assinatura) ?? 'HMAC';

export const ativosFrom = (situacao: SituacaoWebhook): boolean | undefined =>
  situacao === SituacaoWebhook.UNSPECIFIED ? undefined : situacao === SituacaoWebhook.ATIVO;

export const situacaoFrom = (situacao: SituacaoEntrega): Situacao | undefined =>
  nameFrom(SituacaoEntrega, situacao);
