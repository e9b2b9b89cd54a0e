import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { DisponibilidadeService } from '@plataforma/contratos/reservas/v1/disponibilidade_service_pb';
import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import { toPageToken } from '@plataforma/domain/page-token';
import { nameFrom } from '@plataforma/runtime/enum-names';
import { type RpcService, rpcService } from '@plataforma/runtime/rpc';
import { DISPONIBILIDADE } from '../../comum/presentation/acesso.ts';
import { toDinheiroProto } from '../../comum/presentation/common-mappers.ts';
import { MOSTRA_DISPONIBILIDADE } from '../../comum/presentation/consultas.ts';
import { valueOrThrow } from '../../comum/presentation/errors.ts';
import { toEspacoProto } from '../../espacos/presentation/espacos-mappers.ts';
import { requiredInstantFrom } from '../../tempo/presentation/instantes.ts';
import type { BuscarEspacosHandler } from '../application/buscar-espacos.ts';
import type { DisponibilidadeQueries } from '../application/disponibilidade-queries.ts';

interface Deps {
  readonly disponibilidade: DisponibilidadeQueries;
  readonly buscar: BuscarEspacosHandler;
}

/** What is free, and when. */
export function disponibilidadeService({ disponibilidade, buscar }: Deps): RpcService {
  return rpcService(DisponibilidadeService, {
    acesso: DISPONIBILIDADE,
    mostra: MOSTRA_DISPONIBILIDADE,
    impl: {
      async consultarDisponibilidade({ espacoId, dataInicio, dataFim }) {
        const inicio = requiredInstantFrom(dataInicio);
        const fim = requiredInstantFrom(dataFim);
        const livres = valueOrThrow(await disponibilidade.consultar(espacoId, inicio, fim));
        return {
          espacoId,
          livres: livres.map((livre) => ({
            dataInicio: timestampFromDate(livre.inicio),
            dataFim: timestampFromDate(livre.fim),
          })),
        };
      },
      async buscarEspacosDisponiveis({ dataInicio, dataFim, tipo, capacidade, pageSize, pageToken }) {
        const lista = valueOrThrow(
          await buscar.execute({
            inicio: requiredInstantFrom(dataInicio),
            fim: requiredInstantFrom(dataFim),
            tipo: nameFrom(TipoEspaco, tipo),
            ...{ capacidade, pageSize, pageToken },
          }),
        );
        return {
          espacos: lista.itens.map(({ espaco, valor }) => ({
            espaco: toEspacoProto(espaco),
            valor: toDinheiroProto(valor),
          })),
          nextPageToken: toPageToken(lista.proxima),
        };
      },
    },
  });
}
