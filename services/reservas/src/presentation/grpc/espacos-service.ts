import { EspacosService } from '@plataforma/contratos/reservas/v1/espacos_service_pb';
import { principalOf } from '@plataforma/runtime/principal';
import { type RpcService, rpcService } from '@plataforma/runtime/rpc';
import type {
  AtualizarEspacoHandler,
  DesativarEspacoHandler,
} from '../../application/commands/alterar-espaco.ts';
import type { CriarEspacoHandler } from '../../application/commands/criar-espaco.ts';
import type { EspacosQueries } from '../../application/queries/espacos.ts';
import { valueOrThrow } from './errors.ts';
import { fromEspaco, toMudancaEspaco, toNovoEspaco, toTipoEspaco } from './espacos-mappers.ts';

interface Deps {
  readonly criar: CriarEspacoHandler;
  readonly atualizar: AtualizarEspacoHandler;
  readonly desativar: DesativarEspacoHandler;
  readonly espacos: EspacosQueries;
}

const ADMIN = { papeis: ['ADMIN'] } as const;
const GESTAO = { papeis: ['ADMIN', 'GESTOR'] } as const;

/** The catalogue of spaces. Updating is for ADMIN only until spaces are assigned to a GESTOR. */
export function espacosService({ criar, atualizar, desativar, espacos }: Deps): RpcService {
  return rpcService(EspacosService, {
    acesso: {
      criarEspaco: ADMIN,
      obterEspaco: 'AUTENTICADO',
      listarEspacos: 'AUTENTICADO',
      atualizarEspaco: ADMIN,
      desativarEspaco: ADMIN,
      criarFechamento: GESTAO,
      listarFechamentos: 'AUTENTICADO',
      removerFechamento: GESTAO,
    },
    impl: {
      async criarEspaco(request, context) {
        const espaco = valueOrThrow(await criar.execute(toNovoEspaco(request)));
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
      async atualizarEspaco(request) {
        const { espacoId, etag } = request;
        const mudanca = toMudancaEspaco(request);
        return fromEspaco(valueOrThrow(await atualizar.execute({ espacoId, etag, mudanca })));
      },
      async desativarEspaco({ espacoId }) {
        return fromEspaco(valueOrThrow(await desativar.execute(espacoId)));
      },
    },
  });
}
