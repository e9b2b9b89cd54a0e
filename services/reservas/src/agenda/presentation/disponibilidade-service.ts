import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { DisponibilidadeService } from '@plataforma/contratos/reservas/v1/disponibilidade_service_pb';
import { toPageToken } from '@plataforma/domain/page-token';
import { type RpcService, rpcService } from '@plataforma/runtime/rpc';
import { fromDinheiro } from '../../comum/presentation/common-mappers.ts';
import { valueOrThrow } from '../../comum/presentation/errors.ts';
import { fromEspaco, toTipoEspaco } from '../../espacos/presentation/espacos-mappers.ts';
import { toRequiredInstant } from '../../tempo/presentation/instantes.ts';
import type { BuscarEspacosQueryHandler } from '../application/buscar-espacos.ts';
import type { DisponibilidadeQueries } from '../application/disponibilidade-queries.ts';

interface Deps {
  readonly disponibilidade: DisponibilidadeQueries;
  readonly buscar: BuscarEspacosQueryHandler;
}

/** What is free, and when. */
export function disponibilidadeService({ disponibilidade, buscar }: Deps): RpcService {
  return rpcService(DisponibilidadeService, {
    acesso: { consultarDisponibilidade: 'AUTENTICADO', buscarEspacosDisponiveis: 'AUTENTICADO' },
    impl: {
      async consultarDisponibilidade({ espacoId, inicio, fim }) {
        const de = toRequiredInstant(inicio);
        const livres = valueOrThrow(await disponibilidade.consultar(espacoId, de, toRequiredInstant(fim)));
        return {
          espacoId,
          livres: livres.map((livre) => ({
            inicio: timestampFromDate(livre.inicio),
            fim: timestampFromDate(livre.fim),
          })),
        };
      },
      async buscarEspacosDisponiveis({ inicio, fim, tipo, capacidade, pageSize, pageToken }) {
        const lista = valueOrThrow(
          await buscar.execute({
            inicio: toRequiredInstant(inicio),
            fim: toRequiredInstant(fim),
            tipo: toTipoEspaco(tipo),
            ...{ capacidade, pageSize, pageToken },
          }),
        );
        return {
          espacos: lista.itens.map(({ espaco, valor }) => ({
            espaco: fromEspaco(espaco),
            valor: fromDinheiro(valor),
          })),
          nextPageToken: toPageToken(lista.proxima),
        };
      },
    },
  });
}
