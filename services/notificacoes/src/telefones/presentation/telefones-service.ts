import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  PedirCodigoDeTelefoneResponseSchema,
  type Telefone,
  TelefoneSchema,
  TelefonesService,
} from '@plataforma/contratos/notificacoes/v1/telefones_service_pb';
import { principalOf } from '@plataforma/runtime/principal';
import { type RpcService, rpcService } from '@plataforma/runtime/rpc';
import { mascararTelefone } from '../../canais/domain/mascara.ts';
import { TELEFONES } from '../../contrato/presentation/acesso.ts';
import { MOSTRA_TELEFONES } from '../../contrato/presentation/consultas.ts';
import { valueOrThrow } from '../../contrato/presentation/errors.ts';
import type { ConfirmarTelefoneHandler } from '../application/confirmar-telefone.ts';
import type { PedirCodigoHandler } from '../application/pedir-codigo.ts';
import type { SituacaoDoTelefone, TelefonesQueries } from '../application/telefones-queries.ts';
import type { CodigoPedido } from '../domain/codigo.ts';

interface Deps {
  readonly queries: TelefonesQueries;
  readonly pedir: PedirCodigoHandler;
  readonly confirmar: ConfirmarTelefoneHandler;
  /** A message may have become due. */
  readonly wake: () => void;
}

/** Everybody proves their own number. */
export function telefonesService({ queries, pedir, confirmar, wake }: Deps): RpcService {
  const agora = async (clienteId: string) => toTelefoneProto(await queries.doCliente(clienteId));
  return rpcService(TelefonesService, {
    acesso: TELEFONES,
    mostra: MOSTRA_TELEFONES,
    repeats: {
      // The last code that was asked for; one that is used by now is void as it was told.
      pedirCodigoDeTelefone: async (clienteId) => toPedidoProto(await queries.codigo(clienteId)),
      confirmarTelefone: agora,
    },
    impl: {
      obterTelefone: (_request, context) => agora(principalOf(context).id),
      async pedirCodigoDeTelefone(_request, context) {
        const pedido = valueOrThrow(await pedir.execute(principalOf(context).id));
        wake();
        return toPedidoProto(pedido);
      },
      async confirmarTelefone({ codigo }, context) {
        const { id: clienteId } = principalOf(context);
        valueOrThrow(await confirmar.execute({ clienteId, codigo }));
        return agora(clienteId);
      },
    },
  });
}

function toTelefoneProto({ numero, provado }: SituacaoDoTelefone): Telefone {
  return create(TelefoneSchema, {
    numero: numero === '' ? '' : mascararTelefone(numero),
    provado: provado !== undefined,
    ...(provado && { provadoEm: timestampFromDate(provado.provadoEm) }),
    ...(provado?.recusadoEm && { recusadoEm: timestampFromDate(provado.recusadoEm) }),
  });
}

const toPedidoProto = (pedido: CodigoPedido | undefined) =>
  create(PedirCodigoDeTelefoneResponseSchema, {
    ...(pedido && {
      numero: mascararTelefone(pedido.numero),
      validoAte: timestampFromDate(pedido.validoAte),
    }),
  });
