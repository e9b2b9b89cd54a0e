import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  ContatosService,
  ListarContatosNaoEntregaveisResponseSchema,
} from '@plataforma/contratos/notificacoes/v1/contatos_service_pb';
import { toPageToken } from '@plataforma/domain/page-token';
import { type RpcService, rpcService } from '@plataforma/runtime/rpc';
import { CONTATOS } from '../../contrato/presentation/acesso.ts';
import { MOSTRA_CONTATOS } from '../../contrato/presentation/consultas.ts';
import { valueOrThrow } from '../../contrato/presentation/errors.ts';
import type { NaoEntregaveis } from '../application/nao-entregaveis.ts';

/** Addresses from which messages come back: administrators look after them. */
export function contatosService(naoEntregaveis: NaoEntregaveis): RpcService {
  return rpcService(ContatosService, {
    acesso: CONTATOS,
    mostra: MOSTRA_CONTATOS,
    repeats: { liberarContato: async () => ({}) },
    impl: {
      async listarContatosNaoEntregaveis(pedida) {
        const { itens, proxima } = valueOrThrow(await naoEntregaveis.listar(pedida));
        return create(ListarContatosNaoEntregaveisResponseSchema, {
          contatos: itens.map(({ desde, motivo, ...mesmos }) => ({
            ...mesmos,
            desde: timestampFromDate(desde),
            codigo: motivo,
          })),
          nextPageToken: toPageToken(proxima),
        });
      },
      async liberarContato({ clienteId }) {
        valueOrThrow(await naoEntregaveis.liberar(clienteId));
        return {};
      },
    },
  });
}
