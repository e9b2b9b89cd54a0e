import type { Clock } from '@plataforma/domain/clock';
import type { IdGenerator } from '@plataforma/domain/id';
import type { ConsumeOptions } from '@plataforma/runtime/event-consumer';
import type { HttpRoute } from '@plataforma/runtime/http-routes';
import type { RpcService } from '@plataforma/runtime/rpc';
import type { DataSource } from 'typeorm';
import type { SolicitanteDe } from '../contas/presentation/solicitante.ts';
import type { ConsultaDeEspacos } from '../espacos/application/ports.ts';
import { CalendariosQueries } from './application/calendarios-queries.ts';
import { CriarCalendarioHandler } from './application/criar-calendario.ts';
import { RevogarCalendarioHandler } from './application/revogar-calendario.ts';
import { calendariosConsumer } from './infrastructure/calendarios-consumer.ts';
import { PostgresCalendariosRepository } from './infrastructure/calendarios-repository.ts';
import { TokensAssinados } from './infrastructure/tokens.ts';
import { calendarioFeedRoute } from './presentation/calendario-feed.ts';
import { calendariosService } from './presentation/calendarios-service.ts';

interface Deps {
  readonly config: {
    readonly calendarKeys: readonly Buffer[] | undefined;
    readonly idKey: Buffer;
    readonly publicUrl: string;
    readonly calendarDomain: string;
  };
  readonly dataSource: DataSource;
  readonly consulta: Pick<ConsultaDeEspacos, 'espaco'>;
  readonly ids: IdGenerator;
  readonly clock: Clock;
  readonly solicitanteDe: SolicitanteDe;
}

/** Composition of the calendar feeds. They are read from the primary: a revoked feed ends at once. */
export function createCalendarios({ config, dataSource, consulta, ids, clock, solicitanteDe }: Deps): {
  readonly service: RpcService;
  readonly route: HttpRoute;
  readonly consumer: ConsumeOptions;
} {
  const { calendarKeys, idKey, publicUrl, calendarDomain } = config;
  const calendarios = new PostgresCalendariosRepository(dataSource);
  const tokens = new TokensAssinados(calendarKeys ?? [idKey]);
  const enderecos = { dominio: calendarDomain };
  const queries = new CalendariosQueries({ calendarios, consulta, tokens, enderecos, clock });
  return {
    service: calendariosService({
      criar: new CriarCalendarioHandler({ calendarios, consulta, tokens, ids, clock }),
      revogar: new RevogarCalendarioHandler({ calendarios, clock }),
      calendarios: queries,
      solicitanteDe,
      publicUrl,
    }),
    route: calendarioFeedRoute({ calendarios: queries, clock }),
    consumer: calendariosConsumer(calendarios),
  };
}
