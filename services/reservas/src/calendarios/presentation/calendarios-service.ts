import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { CalendarioSchema } from '@plataforma/contratos/reservas/v1/calendario_pb';
import { CalendariosService } from '@plataforma/contratos/reservas/v1/calendarios_service_pb';
import { principalOf } from '@plataforma/runtime/principal';
import { type ChamadaRepetida, type RpcService, rpcService } from '@plataforma/runtime/rpc';
import { CALENDARIOS } from '../../comum/presentation/acesso.ts';
import { textOrUndefined } from '../../comum/presentation/common-mappers.ts';
import { MOSTRA_CALENDARIOS } from '../../comum/presentation/consultas.ts';
import { valueOrThrow } from '../../comum/presentation/errors.ts';
import { exigirGestao, type SolicitanteDe } from '../../contas/presentation/solicitante.ts';
import type { CalendariosQueries } from '../application/calendarios-queries.ts';
import type { CalendarioCriado, CriarCalendarioHandler } from '../application/criar-calendario.ts';
import type { RevogarCalendarioHandler } from '../application/revogar-calendario.ts';
import type { Calendario } from '../domain/calendario.ts';
import { enderecoDoFeed } from './calendario-feed.ts';

interface Deps {
  readonly criar: CriarCalendarioHandler;
  readonly revogar: RevogarCalendarioHandler;
  readonly calendarios: CalendariosQueries;
  readonly solicitanteDe: SolicitanteDe;
  /** The REST API as clients see it. */
  readonly publicUrl: string;
}

type ComCabecalho = Pick<ChamadaRepetida, 'responseHeader'>;

/** Feeds for calendar programs; the feeds themselves are plain HTTP. */
export function calendariosService({
  criar,
  revogar,
  calendarios,
  solicitanteDe,
  publicUrl,
}: Deps): RpcService {
  const criado = ({ calendario, token }: CalendarioCriado, { responseHeader }: ComCabecalho) => {
    responseHeader.set('x-http-code', '201');
    return { ...toCalendarioProto(calendario), url: enderecoDoFeed(publicUrl, token) };
  };
  return rpcService(CalendariosService, {
    acesso: CALENDARIOS,
    mostra: MOSTRA_CALENDARIOS,
    direitos: {
      async criarCalendario({ espacoId }, chamada) {
        if (espacoId !== '') exigirGestao(await solicitanteDe(chamada), espacoId);
      },
    },
    repeats: {
      criarCalendario: async (semente, _, chamada) =>
        criado(valueOrThrow(await criar.repeat(semente)), chamada),
      revogarCalendario: async () => ({}),
    },
    impl: {
      async criarCalendario(request, context) {
        const espacoId = textOrUndefined(request.espacoId);
        const solicitante = await solicitanteDe(context);
        if (espacoId !== undefined) exigirGestao(solicitante, espacoId);
        const { geracao } = principalOf(context);
        return criado(valueOrThrow(await criar.execute({ solicitante, geracao, espacoId })), context);
      },
      async listarCalendarios(_, context) {
        const meus = await calendarios.listar(principalOf(context).id);
        return { calendarios: meus.map(toCalendarioProto) };
      },
      async revogarCalendario({ calendarioId }, context) {
        const solicitante = await solicitanteDe(context);
        valueOrThrow(await revogar.execute({ calendarioId, solicitante }));
        return {};
      },
    },
  });
}

function toCalendarioProto({
  id,
  espacoId,
  criadoEm,
}: Calendario): MessageInitShape<typeof CalendarioSchema> {
  return { id, espacoId: espacoId ?? '', criadoEm: timestampFromDate(criadoEm) };
}
