import { create } from '@bufbuild/protobuf';
import {
  ChavesApiService,
  ListarChavesResponseSchema,
} from '@plataforma/contratos/auth/v1/chaves_api_service_pb';
import type { Clock } from '@plataforma/domain/clock';
import { toPageToken } from '@plataforma/domain/page-token';
import { principalOf } from '@plataforma/runtime/principal';
import { type ChamadaRepetida, harmless, type RpcService, rpcService } from '@plataforma/runtime/rpc';
import { neverStored } from '../../chaves/presentation/never-stored.ts';
import { CHAVES_API } from '../../contrato/presentation/acesso.ts';
import { valueOrThrow } from '../../contrato/presentation/errors.ts';
import type { OrigemDe } from '../../contrato/presentation/origem.ts';
import type { ChavesQueries } from '../application/chaves-queries.ts';
import type { ChaveComSegredo, CriarChaveHandler } from '../application/criar-chave.ts';
import type { Segredos } from '../application/ports.ts';
import type { RevogarChaveHandler } from '../application/revogar-chaves.ts';
import type { RotacionarChaveHandler } from '../application/rotacionar-chave.ts';
import type { ChaveApi } from '../domain/chave-api.ts';
import { toChaveProto } from './chaves-api-mappers.ts';

interface Deps {
  readonly criar: CriarChaveHandler;
  readonly rotacionar: RotacionarChaveHandler;
  readonly revogar: RevogarChaveHandler;
  readonly queries: ChavesQueries;
  readonly segredos: Pick<Segredos, 'prefixo'>;
  readonly clock: Clock;
  readonly origemDe: OrigemDe;
}

type Resposta = Pick<ChamadaRepetida, 'responseHeader'>;

/** API keys, as people manage them. */
export function chavesApiService(deps: Deps): RpcService {
  const { criar, rotacionar, revogar, queries, segredos, clock, origemDe } = deps;
  const vista = (chave: ChaveApi, segredo?: string) =>
    toChaveProto(chave, segredos.prefixo(chave.estado.id), clock.now(), segredo);
  function comSegredo({ chave, segredo }: ChaveComSegredo, chamada: Resposta) {
    neverStored(chamada);
    return vista(chave, segredo);
  }
  function criada(nova: ChaveComSegredo, chamada: Resposta) {
    chamada.responseHeader.set('x-http-code', '201');
    return comSegredo(nova, chamada);
  }
  async function repetida(
    efeito: string,
    { password: senha }: { readonly password: string },
    rpc: 'CriarChave' | 'RotacionarChave',
    chamada: ChamadaRepetida,
  ) {
    const { id: usuarioId, autenticadoEm } = principalOf(chamada);
    const pedido = { usuarioId, autenticadoEm, senha, origem: origemDe(chamada), chamada: rpc };
    return valueOrThrow(await criar.repeat(efeito, pedido));
  }
  return rpcService(ChavesApiService, {
    acesso: CHAVES_API,
    repeats: {
      criarChave: async (efeito, request, chamada) =>
        criada(await repetida(efeito, request, 'CriarChave', chamada), chamada),
      rotacionarChave: async (efeito, request, chamada) =>
        comSegredo(await repetida(efeito, request, 'RotacionarChave', chamada), chamada),
      revogarChave: harmless('a key that has ended stays so'),
    },
    impl: {
      async criarChave({ nome, escopos, validadeDias, password: senha, codigo }, context) {
        const { id: usuarioId, geracao, autenticadoEm, papeis } = principalOf(context);
        const quem = { usuarioId, geracao, autenticadoEm, papeis, origem: origemDe(context) };
        const command = { ...quem, nome, escopos, validadeDias, senha, codigo };
        return criada(valueOrThrow(await criar.execute(command)), context);
      },
      async listarChaves({ pageSize, pageToken, usuarioId }, context) {
        const { id, papeis } = principalOf(context);
        const autor = { id, origem: origemDe(context) };
        const deQuem = papeis.includes('ADMIN') ? usuarioId || id : id;
        const pagina = valueOrThrow(await queries.listar({ pageSize, pageToken, usuarioId: deQuem, autor }));
        return create(ListarChavesResponseSchema, {
          chaves: pagina.itens.map((chave) => vista(chave)),
          nextPageToken: toPageToken(pagina.proxima),
        });
      },
      async rotacionarChave({ chaveId, password: senha, codigo }, context) {
        const { id: usuarioId, geracao, autenticadoEm } = principalOf(context);
        const quem = { usuarioId, geracao, autenticadoEm, origem: origemDe(context) };
        return comSegredo(
          valueOrThrow(await rotacionar.execute({ ...quem, chaveId, senha, codigo })),
          context,
        );
      },
      async revogarChave({ chaveId }, context) {
        const { id, papeis } = principalOf(context);
        const autor = { id, admin: papeis.includes('ADMIN'), origem: origemDe(context) };
        valueOrThrow(await revogar.execute({ chaveId, autor }));
        return {};
      },
    },
  });
}
