import { create } from '@bufbuild/protobuf';
import { type Timestamp, timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { ServiceImpl } from '@connectrpc/connect';
import {
  ListarEntregasResponseSchema,
  ListarWebhooksResponseSchema,
  WebhooksService,
} from '@plataforma/contratos/notificacoes/v1/webhooks_service_pb';
import { toPageToken } from '@plataforma/domain/page-token';
import { principalOf } from '@plataforma/runtime/principal';
import { type ChamadaRepetida, harmless, type RpcService, rpcService } from '@plataforma/runtime/rpc';
import { WEBHOOKS } from '../../contrato/presentation/acesso.ts';
import { MOSTRA_WEBHOOKS } from '../../contrato/presentation/consultas.ts';
import { valueOrThrow } from '../../contrato/presentation/errors.ts';
import type { CriarWebhookHandler, WebhookComChave } from '../application/criar-webhook.ts';
import type { MudarWebhookHandler } from '../application/mudar-webhook.ts';
import type { RepetirEntregasHandler } from '../application/repetir-entregas.ts';
import type { WebhooksQueries } from '../application/webhooks-queries.ts';
import {
  assinaturaFrom,
  ativosFrom,
  inscricaoFrom,
  situacaoFrom,
  toEntregaProto,
  toWebhookProto,
} from './webhooks-mappers.ts';

interface Deps {
  readonly criar: CriarWebhookHandler;
  readonly mudar: MudarWebhookHandler;
  readonly repetir: RepetirEntregasHandler;
  readonly queries: WebhooksQueries;
  /** Deliveries to these addresses may have become due. */
  readonly wake: (webhookIds: readonly string[]) => void;
}

/** Events for programs of others: administrators say where they go. */
export function webhooksService(deps: Deps): RpcService {
  const { queries } = deps;
  const agora = async (id: string) => toWebhookProto(valueOrThrow(await queries.obter(id)));
  const entrega = async (eventoId: string, { webhookId }: { webhookId: string }) =>
    toEntregaProto(valueOrThrow(await queries.entrega(webhookId, eventoId)));
  return rpcService(WebhooksService, {
    acesso: WEBHOOKS,
    mostra: MOSTRA_WEBHOOKS,
    repeats: {
      criarWebhook: async (id, _, chamada) => criado(valueOrThrow(await deps.criar.repeat(id)), chamada),
      trocarChaveWebhook: async (id) => comChave(valueOrThrow(await deps.criar.repeat(id))),
      atualizarWebhook: agora,
      ativarWebhook: agora,
      desativarWebhook: agora,
      apagarWebhook: async () => ({}),
      reentregar: entrega,
      testarWebhook: entrega,
      repetirEventos: harmless('the receiver knows by its id what it has'),
    },
    impl: { ...leituras(deps), ...mudancas(deps), ...envios(deps) },
  });
}

type Rpcs = Partial<ServiceImpl<typeof WebhooksService>>;

function leituras({ queries }: Deps): Rpcs {
  return {
    async listarWebhooks({ situacao, pageSize, pageToken }) {
      const query = { ativos: ativosFrom(situacao), pageSize, pageToken };
      const { itens, proxima } = valueOrThrow(await queries.listar(query));
      return create(ListarWebhooksResponseSchema, {
        webhooks: itens.map((webhook) => toWebhookProto(webhook)),
        nextPageToken: toPageToken(proxima),
      });
    },
    async obterWebhook({ webhookId }) {
      return toWebhookProto(valueOrThrow(await queries.obter(webhookId)));
    },
    async listarEntregas({ webhookId, situacao, pageSize, pageToken }) {
      const query = { webhookId, situacao: situacaoFrom(situacao), pageSize, pageToken };
      const { itens, proxima } = valueOrThrow(await queries.entregas(query));
      return create(ListarEntregasResponseSchema, {
        entregas: itens.map(toEntregaProto),
        nextPageToken: toPageToken(proxima),
      });
    },
  };
}

function mudancas({ criar, mudar, wake }: Deps): Rpcs {
  return {
    async criarWebhook(request, context) {
      const { id: donoId } = principalOf(context);
      const assinatura = assinaturaFrom(request.assinatura);
      const inscricao = inscricaoFrom(request);
      return criado(valueOrThrow(await criar.execute({ donoId, inscricao, assinatura })), context);
    },
    async atualizarWebhook(request) {
      return toWebhookProto(valueOrThrow(await mudar.atualizar(request.webhookId, inscricaoFrom(request))));
    },
    async trocarChaveWebhook({ webhookId }) {
      return comChave(valueOrThrow(await mudar.trocarChave(webhookId)));
    },
    async ativarWebhook({ webhookId }) {
      const webhook = valueOrThrow(await mudar.ativar(webhookId));
      wake([webhookId]);
      return toWebhookProto(webhook);
    },
    async desativarWebhook({ webhookId }) {
      return toWebhookProto(valueOrThrow(await mudar.desativar(webhookId)));
    },
    async apagarWebhook({ webhookId }) {
      valueOrThrow(await mudar.apagar(webhookId));
      return {};
    },
  };
}

function envios({ repetir, wake }: Deps): Rpcs {
  return {
    async reentregar({ webhookId, eventoId }) {
      const entrega = valueOrThrow(await repetir.reentregar(webhookId, eventoId));
      wake([webhookId]);
      return toEntregaProto(entrega);
    },
    async testarWebhook({ webhookId }) {
      const entrega = valueOrThrow(await repetir.testar(webhookId));
      wake([webhookId]);
      return toEntregaProto(entrega);
    },
    async repetirEventos({ webhookId, dataInicio, dataFim }) {
      const periodo = { de: instante(dataInicio), ate: instante(dataFim) };
      const { quantos, continuarDe } = valueOrThrow(await repetir.repetir(webhookId, periodo));
      wake([webhookId]);
      return { quantos, ...(continuarDe && { continuarDe: timestampFromDate(continuarDe) }) };
    },
  };
}

/** Validation has refused a request without it. */
const instante = (timestamp: Timestamp | undefined) => (timestamp ? timestampDate(timestamp) : new Date(0));

const comChave = ({ webhook, publicada }: WebhookComChave) => toWebhookProto(webhook, publicada);

function criado(webhook: WebhookComChave, { responseHeader }: Pick<ChamadaRepetida, 'responseHeader'>) {
  responseHeader.set('x-http-code', '201');
  return comChave(webhook);
}
