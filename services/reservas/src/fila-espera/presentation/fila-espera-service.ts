import { StatusEntradaFila } from '@plataforma/contratos/reservas/v1/fila_espera_pb';
import { FilaEsperaService } from '@plataforma/contratos/reservas/v1/fila_espera_service_pb';
import { toPageToken } from '@plataforma/domain/page-token';
import { nameFrom } from '@plataforma/runtime/enum-names';
import { principalOf } from '@plataforma/runtime/principal';
import { type ChamadaAutenticada, type RpcService, rpcService } from '@plataforma/runtime/rpc';
import { FILA_ESPERA } from '../../comum/presentation/acesso.ts';
import { textOrUndefined } from '../../comum/presentation/common-mappers.ts';
import { MOSTRA_FILA_ESPERA } from '../../comum/presentation/consultas.ts';
import { valueOrThrow } from '../../comum/presentation/errors.ts';
import { semGestao } from '../../contas/presentation/solicitante.ts';
import { pedidoFrom } from '../../reservas/presentation/reservas-mappers.ts';
import type { EntrarNaFilaHandler } from '../application/entrar-na-fila.ts';
import type { FilaEsperaQueries } from '../application/fila-espera-queries.ts';
import type { SairDaFilaHandler } from '../application/sair-da-fila.ts';
import { toEntradaProto } from './fila-espera-mappers.ts';

interface Deps {
  readonly entrar: EntrarNaFilaHandler;
  readonly sair: SairDaFilaHandler;
  readonly fila: FilaEsperaQueries;
}

/** The waitlist. Everybody stands in line for themselves; ADMIN sees all and may take people out. */
export function filaEsperaService({ entrar, sair, fila }: Deps): RpcService {
  const vista = async (entradaId: string, chamada: ChamadaAutenticada) =>
    toEntradaProto(valueOrThrow(await fila.findById(entradaId, semGestao(chamada))));
  return rpcService(FilaEsperaService, {
    acesso: FILA_ESPERA,
    mostra: MOSTRA_FILA_ESPERA,
    direitos: {
      async sairDaFila({ entradaId }, chamada) {
        await vista(entradaId, chamada);
      },
    },
    repeats: {
      async entrarNaFila(id, _, chamada) {
        const entrada = await vista(id, chamada);
        chamada.responseHeader.set('x-http-code', '201');
        return entrada;
      },
      sairDaFila: (id, _, chamada) => vista(id, chamada),
    },
    impl: {
      async entrarNaFila(request, context) {
        const entrada = valueOrThrow(await entrar.execute(pedidoFrom(request, principalOf(context).id)));
        context.responseHeader.set('x-http-code', '201');
        return toEntradaProto(entrada);
      },
      async sairDaFila({ entradaId }, context) {
        const saida = await sair.execute({ entradaId, solicitante: semGestao(context) });
        return toEntradaProto({ entrada: valueOrThrow(saida), posicao: 0 });
      },
      obterEntrada: ({ entradaId }, context) => vista(entradaId, context),
      async listarEntradas({ espacoId, status, pageSize, pageToken }, context) {
        const query = {
          solicitante: semGestao(context),
          espacoId: textOrUndefined(espacoId),
          status: nameFrom(StatusEntradaFila, status),
        };
        const lista = valueOrThrow(await fila.listar({ ...query, pageSize, pageToken }));
        return { entradas: lista.itens.map(toEntradaProto), nextPageToken: toPageToken(lista.proxima) };
      },
    },
  });
}
