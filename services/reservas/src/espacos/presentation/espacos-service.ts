import type { HandlerContext, ServiceImpl } from '@connectrpc/connect';
import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import {
  type AtualizarEspacoRequest,
  EspacosService,
} from '@plataforma/contratos/reservas/v1/espacos_service_pb';
import { toPageToken } from '@plataforma/domain/page-token';
import { nameFrom } from '@plataforma/runtime/enum-names';
import { principalOf } from '@plataforma/runtime/principal';
import {
  type ChamadaAutenticada,
  type ChamadaRepetida,
  type Repeats,
  type RpcService,
  rpcService,
} from '@plataforma/runtime/rpc';
import { ESPACOS } from '../../comum/presentation/acesso.ts';
import { MOSTRA_ESPACOS } from '../../comum/presentation/consultas.ts';
import { valueOrThrow } from '../../comum/presentation/errors.ts';
import { exigirPoder } from '../../contas/domain/poderes.ts';
import { administra } from '../../contas/domain/solicitante.ts';
import { exigirGestao, type SolicitanteDe } from '../../contas/presentation/solicitante.ts';
import { requiredInstantFrom } from '../../tempo/presentation/instantes.ts';
import type { AtribuirGestorHandler } from '../application/atribuir-gestor.ts';
import type { AtualizarEspacoHandler } from '../application/atualizar-espaco.ts';
import type { CriarEspacoHandler } from '../application/criar-espaco.ts';
import type { CriarFechamentoHandler } from '../application/criar-fechamento.ts';
import type { DesativarEspacoHandler } from '../application/desativar-espaco.ts';
import type { EspacosQueries } from '../application/espacos-queries.ts';
import type { FechamentosQueries } from '../application/fechamentos-queries.ts';
import type { GestoresQueries } from '../application/gestores-queries.ts';
import type { RemoverFechamentoHandler } from '../application/remover-fechamento.ts';
import type { RemoverGestorHandler } from '../application/remover-gestor.ts';
import {
  mudancaEspacoFrom,
  novoEspacoFrom,
  toEspacoPorDentroProto,
  toEspacoProto,
  toFechamentoProto,
  toGestorProto,
} from './espacos-mappers.ts';

interface Deps {
  readonly criar: CriarEspacoHandler;
  readonly atualizar: AtualizarEspacoHandler;
  readonly desativar: DesativarEspacoHandler;
  readonly espacos: EspacosQueries;
  readonly fechar: CriarFechamentoHandler;
  readonly reabrir: RemoverFechamentoHandler;
  readonly fechamentos: FechamentosQueries;
  readonly atribuir: AtribuirGestorHandler;
  readonly remover: RemoverGestorHandler;
  readonly gestores: GestoresQueries;
  readonly solicitanteDe: SolicitanteDe;
}

/** The catalogue of spaces. Changes are for ADMIN and, of the spaces assigned to them, for a GESTOR. */
export function espacosService(deps: Deps): RpcService {
  const { criar, atualizar, desativar, espacos, fechar, reabrir, fechamentos, solicitanteDe } = deps;
  const podeAtualizar = async (request: AtualizarEspacoRequest, chamada: ChamadaAutenticada) => {
    const { espacoId } = request;
    const solicitante = await solicitanteDe(chamada);
    exigirGestao(solicitante, espacoId);
    const { mudanca, aoPadrao } = mudancaEspacoFrom(request);
    if (mudanca.ativo !== undefined)
      valueOrThrow(exigirPoder('AtualizarEspaco.ativo', solicitante, espacoId));
    if (mudanca.bonusMensal || aoPadrao.includes('bonusMensal'))
      valueOrThrow(exigirPoder('AtualizarEspaco.bonus_mensal', solicitante, espacoId));
  };
  const gere = async ({ espacoId }: { espacoId: string }, chamada: ChamadaAutenticada) =>
    exigirGestao(await solicitanteDe(chamada), espacoId);
  return rpcService(EspacosService, {
    acesso: ESPACOS,
    mostra: MOSTRA_ESPACOS,
    direitos: { atualizarEspaco: podeAtualizar, criarFechamento: gere, removerFechamento: gere },
    repeats: {
      criarEspaco: async (id, _, chamada) =>
        created(chamada, toEspacoPorDentroProto(valueOrThrow(await espacos.findById(id)))),
      atualizarEspaco: async (id) => toEspacoPorDentroProto(valueOrThrow(await espacos.findById(id))),
      desativarEspaco: async (id) => toEspacoPorDentroProto(valueOrThrow(await espacos.findById(id))),
      criarFechamento: async (id, _, chamada) =>
        created(chamada, toFechamentoProto(valueOrThrow(await fechamentos.findById(id)))),
      removerFechamento: async () => ({}),
      ...gestoresRepeats(deps),
    },
    impl: {
      async criarEspaco(request, context) {
        const espaco = valueOrThrow(await criar.execute(novoEspacoFrom(request)));
        return created(context, toEspacoPorDentroProto(espaco));
      },
      async obterEspaco({ espacoId }, context) {
        const espaco = valueOrThrow(await espacos.findById(espacoId, porDentro(context)));
        const gere = administra(await solicitanteDe(context), espacoId);
        return gere ? toEspacoPorDentroProto(espaco) : toEspacoProto(espaco);
      },
      async listarEspacos({ tipo, capacidadeMinima, incluirInativos, pageSize, pageToken }, context) {
        const filtro = {
          tipo: nameFrom(TipoEspaco, tipo),
          capacidadeMinima,
          incluirInativos: incluirInativos && porDentro(context),
        };
        const lista = valueOrThrow(await espacos.listar({ ...filtro, pageSize, pageToken }));
        return { espacos: lista.itens.map(toEspacoProto), nextPageToken: toPageToken(lista.proxima) };
      },
      async atualizarEspaco(request, context) {
        const { espacoId, etag } = request;
        await podeAtualizar(request, context);
        const mudanca = { espacoId, etag, ...mudancaEspacoFrom(request) };
        return toEspacoPorDentroProto(valueOrThrow(await atualizar.execute(mudanca)));
      },
      async desativarEspaco({ espacoId }) {
        return toEspacoPorDentroProto(valueOrThrow(await desativar.execute({ espacoId })));
      },
      async criarFechamento(request, context) {
        const { espacoId, anual, motivo } = request;
        const periodo = {
          inicio: requiredInstantFrom(request.dataInicio),
          fim: requiredInstantFrom(request.dataFim),
        };
        const solicitante = await solicitanteDe(context);
        exigirGestao(solicitante, espacoId);
        const pedido = { espacoId, ...periodo, anual, motivo, quem: solicitante.id };
        return created(context, toFechamentoProto(valueOrThrow(await fechar.execute(pedido))));
      },
      async listarFechamentos({ espacoId, pageSize, pageToken }, context) {
        const lista = valueOrThrow(
          await fechamentos.listar(espacoId, { pageSize, pageToken }, porDentro(context)),
        );
        return { fechamentos: lista.itens.map(toFechamentoProto), nextPageToken: toPageToken(lista.proxima) };
      },
      async removerFechamento({ espacoId, fechamentoId }, context) {
        exigirGestao(await solicitanteDe(context), espacoId);
        valueOrThrow(await reabrir.execute({ espacoId, fechamentoId }));
        return {};
      },
      ...gestoresDoEspaco(deps),
    },
  });
}

/** Whether the caller runs spaces, be it others. */
function porDentro(context: HandlerContext): boolean {
  const { papeis } = principalOf(context);
  return papeis.includes('ADMIN') || papeis.includes('GESTOR');
}

/** What a call has made is answered with 201 over REST, the first time and again. */
function created<M>({ responseHeader }: Pick<ChamadaRepetida, 'responseHeader'>, made: M): M {
  responseHeader.set('x-http-code', '201');
  return made;
}

/** Of an assignment that was taken away since there is nobody to name any more who made it. */
function gestoresRepeats({
  gestores,
}: Deps): Pick<Repeats<typeof EspacosService>, 'atribuirGestor' | 'removerGestor'> {
  return {
    async atribuirGestor(usuarioId, { espacoId }) {
      const gestor = await gestores.findById(espacoId, usuarioId);
      return gestor ? toGestorProto(gestor) : { espacoId, usuarioId };
    },
    removerGestor: async () => ({}),
  };
}

/** Who runs a space. */
function gestoresDoEspaco({ atribuir, remover, gestores }: Deps) {
  return {
    async atribuirGestor({ espacoId, usuarioId }, context) {
      const { id: quem } = principalOf(context);
      return toGestorProto(valueOrThrow(await atribuir.execute({ espacoId, usuarioId, quem })));
    },
    async removerGestor({ espacoId, usuarioId }) {
      await remover.execute({ espacoId, usuarioId });
      return {};
    },
    async listarGestores({ espacoId, pageSize, pageToken }) {
      const lista = valueOrThrow(await gestores.listar(espacoId, { pageSize, pageToken }));
      return { gestores: lista.itens.map(toGestorProto), nextPageToken: toPageToken(lista.proxima) };
    },
  } satisfies Partial<ServiceImpl<typeof EspacosService>>;
}
