import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Code } from '@connectrpc/connect';
import type { CalendarioSchema } from '@plataforma/contratos/reservas/v1/calendario_pb';
import { CalendariosService } from '@plataforma/contratos/reservas/v1/calendarios_service_pb';
import { rpcError } from '@plataforma/runtime/errors';
import { principalOf } from '@plataforma/runtime/principal';
import { type RpcService, rpcService } from '@plataforma/runtime/rpc';
import type {
  CriarCalendarioHandler,
  RevogarCalendarioHandler,
} from '../../application/commands/calendarios.ts';
import type { CalendariosQueries } from '../../application/queries/calendarios.ts';
import type { Calendario } from '../../domain/calendario.ts';
import { enderecoDoFeed } from '../http/calendario-feed.ts';
import { textOrUndefined } from './common-mappers.ts';
import { valueOrThrow } from './errors.ts';
import { leitor, PESSOAS } from './leitor.ts';

interface Deps {
  readonly criar: CriarCalendarioHandler;
  readonly revogar: RevogarCalendarioHandler;
  readonly calendarios: CalendariosQueries;
  /** The REST API as clients see it. */
  readonly publicUrl: string;
}

/** Feeds for calendar programs; the feeds themselves are plain HTTP. */
export function calendariosService({ criar, revogar, calendarios, publicUrl }: Deps): RpcService {
  return rpcService(CalendariosService, {
    acesso: { criarCalendario: PESSOAS, listarCalendarios: PESSOAS, revogarCalendario: PESSOAS },
    impl: {
      async criarCalendario(request, context) {
        const espacoId = textOrUndefined(request.espacoId);
        const { id, admin } = leitor(principalOf(context));
        if (espacoId !== undefined && !admin) throw soDoEspaco();
        const { calendario, token } = valueOrThrow(await criar.execute(id, espacoId));
        context.responseHeader.set('x-http-code', '201');
        return { ...fromCalendario(calendario), url: enderecoDoFeed(publicUrl, token) };
      },
      async listarCalendarios(_, context) {
        const meus = await calendarios.listar(principalOf(context).id);
        return { calendarios: meus.map(fromCalendario) };
      },
      async revogarCalendario({ calendarioId }, context) {
        valueOrThrow(await revogar.execute(calendarioId, leitor(principalOf(context))));
        return {};
      },
    },
  });
}

function soDoEspaco() {
  const message = 'Só a administração pode criar o calendário de um espaço.';
  return rpcError(Code.PermissionDenied, 'ACESSO_NEGADO', message);
}

function fromCalendario({ id, espacoId, criadoEm }: Calendario): MessageInitShape<typeof CalendarioSchema> {
  return { id, espacoId: espacoId ?? '', criadoEm: timestampFromDate(criadoEm) };
}
