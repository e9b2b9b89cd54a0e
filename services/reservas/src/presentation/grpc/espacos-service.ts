import { EspacosService } from '@plataforma/contratos/reservas/v1/espacos_service_pb';
import { doneBefore } from '@plataforma/runtime/idempotent-effect';
import { principalOf } from '@plataforma/runtime/principal';
import { type RpcService, rpcService } from '@plataforma/runtime/rpc';
import type {
  AtualizarEspacoHandler,
  DesativarEspacoHandler,
} from '../../application/commands/alterar-espaco.ts';
import type { CriarEspacoHandler } from '../../application/commands/criar-espaco.ts';
import type {
  CriarFechamentoHandler,
  RemoverFechamentoHandler,
} from '../../application/commands/fechamentos.ts';
import type { EspacosQueries } from '../../application/queries/espacos.ts';
import type { FechamentosQueries } from '../../application/queries/fechamentos.ts';
import { toRequiredInstant } from './common-mappers.ts';
import { valueOrThrow } from './errors.ts';
import {
  fromEspaco,
  fromFechamento,
  toMudancaEspaco,
  toNovoEspaco,
  toTipoEspaco,
} from './espacos-mappers.ts';

interface Deps {
  readonly criar: CriarEspacoHandler;
  readonly atualizar: AtualizarEspacoHandler;
  readonly desativar: DesativarEspacoHandler;
  readonly espacos: EspacosQueries;
  readonly fechar: CriarFechamentoHandler;
  readonly reabrir: RemoverFechamentoHandler;
  readonly fechamentos: FechamentosQueries;
}

const ADMIN = { papeis: ['ADMIN'] } as const;

/** The catalogue of spaces. Changes are for ADMIN only until spaces are assigned to a GESTOR. */
export function espacosService(deps: Deps): RpcService {
  const { criar, atualizar, desativar, espacos, fechar, reabrir, fechamentos } = deps;
  return rpcService(EspacosService, {
    acesso: {
      criarEspaco: ADMIN,
      obterEspaco: 'AUTENTICADO',
      listarEspacos: 'AUTENTICADO',
      atualizarEspaco: ADMIN,
      desativarEspaco: ADMIN,
      criarFechamento: ADMIN,
      listarFechamentos: 'AUTENTICADO',
      removerFechamento: ADMIN,
    },
    impl: {
      async criarEspaco(request, context) {
        const feito = doneBefore(context);
        const espaco = valueOrThrow(
          feito === undefined ? await criar.execute(toNovoEspaco(request)) : await espacos.obter(feito),
        );
        context.responseHeader.set('x-http-code', '201');
        return fromEspaco(espaco);
      },
      async obterEspaco({ espacoId }) {
        return fromEspaco(valueOrThrow(await espacos.obter(espacoId)));
      },
      async listarEspacos({ tipo, capacidadeMinima, incluirInativos, pageSize, pageToken }, context) {
        const { papeis } = principalOf(context);
        const veInativos = papeis.includes('ADMIN') || papeis.includes('GESTOR');
        const filtro = {
          tipo: toTipoEspaco(tipo),
          capacidadeMinima,
          incluirInativos: incluirInativos && veInativos,
        };
        const lista = valueOrThrow(await espacos.listar({ ...filtro, pageSize, pageToken }));
        return { espacos: lista.itens.map(fromEspaco), nextPageToken: lista.nextPageToken };
      },
      async atualizarEspaco(request, context) {
        const { espacoId, etag } = request;
        if (doneBefore(context)) return fromEspaco(valueOrThrow(await espacos.obter(espacoId)));
        const mudanca = toMudancaEspaco(request);
        return fromEspaco(valueOrThrow(await atualizar.execute({ espacoId, etag, mudanca })));
      },
      async desativarEspaco({ espacoId }, context) {
        if (doneBefore(context)) return fromEspaco(valueOrThrow(await espacos.obter(espacoId)));
        return fromEspaco(valueOrThrow(await desativar.execute(espacoId)));
      },
      async criarFechamento(request, context) {
        const { espacoId, anual, motivo } = request;
        const periodo = { inicio: toRequiredInstant(request.inicio), fim: toRequiredInstant(request.fim) };
        const quem = principalOf(context).id;
        const feito = doneBefore(context);
        const fechamento = valueOrThrow(
          feito === undefined
            ? await fechar.execute({ espacoId, ...periodo, anual, motivo, quem })
            : await fechamentos.obter(feito),
        );
        context.responseHeader.set('x-http-code', '201');
        return fromFechamento(fechamento);
      },
      async listarFechamentos({ espacoId, pageSize, pageToken }) {
        const lista = valueOrThrow(await fechamentos.listar(espacoId, pageSize, pageToken));
        return { fechamentos: lista.itens.map(fromFechamento), nextPageToken: lista.nextPageToken };
      },
      async removerFechamento({ espacoId, fechamentoId }, context) {
        if (doneBefore(context) === undefined) valueOrThrow(await reabrir.execute(espacoId, fechamentoId));
        return {};
      },
    },
  });
}
