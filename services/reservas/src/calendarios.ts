import type { Clock } from '@plataforma/domain/clock';
import type { IdGenerator } from '@plataforma/domain/id';
import type { ConsumeOptions } from '@plataforma/runtime/event-consumer';
import type { HttpRoute } from '@plataforma/runtime/http-routes';
import type { RpcService } from '@plataforma/runtime/rpc';
import type { DataSource } from 'typeorm';
import { CriarCalendarioHandler, RevogarCalendarioHandler } from './application/commands/calendarios.ts';
import type { Consultas } from './application/ports.ts';
import { CalendariosQueries } from './application/queries/calendarios.ts';
import type { ReservasConfig } from './config.ts';
import { PostgresCalendarios } from './infrastructure/calendarios/postgres-calendarios.ts';
import { TokensAssinados } from './infrastructure/calendarios/tokens.ts';
import { calendariosConsumer } from './infrastructure/messaging/calendarios-consumer.ts';
import { calendariosService } from './presentation/grpc/calendarios-service.ts';
import type { QuemChama } from './presentation/grpc/leitor.ts';
import { calendarioFeedRoute } from './presentation/http/calendario-feed.ts';

interface Deps {
  readonly config: Pick<ReservasConfig, 'calendarKeys' | 'idKey' | 'publicUrl' | 'calendarDomain'>;
  readonly dataSource: DataSource;
  readonly consultas: Pick<Consultas, 'espaco'>;
  readonly ids: IdGenerator;
  readonly clock: Clock;
  readonly quem: QuemChama;
}

/** Composition of the calendar feeds. They are read from the primary: a revoked feed ends at once. */
export function createCalendarios({ config, dataSource, consultas, ids, clock, quem }: Deps): {
  readonly service: RpcService;
  readonly route: HttpRoute;
  readonly consumer: ConsumeOptions;
} {
  const { calendarKeys, idKey, publicUrl, calendarDomain } = config;
  const calendarios = new PostgresCalendarios(dataSource);
  const tokens = new TokensAssinados(calendarKeys ?? [idKey]);
  const enderecos = { dominio: calendarDomain };
  const queries = new CalendariosQueries({ calendarios, consultas, tokens, enderecos, clock });
  return {
    service: calendariosService({
      criar: new CriarCalendarioHandler({ calendarios, consultas, tokens, ids, clock }),
      revogar: new RevogarCalendarioHandler({ calendarios, clock }),
      calendarios: queries,
      quem,
      publicUrl,
    }),
    route: calendarioFeedRoute({ calendarios: queries, clock }),
    consumer: calendariosConsumer(calendarios),
  };
}
