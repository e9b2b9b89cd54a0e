import { type ConfigOf, hexKeys, integer, optional, secret, text, url } from '@plataforma/runtime/config';
import { commonFields } from '@plataforma/runtime/service-config';

/** What reservas reads from its environment. */
export const fields = {
  ...commonFields,
  /** `host:port` of the gRPC listener of auth, which issues this service's tokens. */
  authAddress: text('AUTH_GRPC_ADDRESS'),
  /** `host:port` of the gRPC listener of pagamentos. */
  pagamentosAddress: text('PAGAMENTOS_GRPC_ADDRESS'),
  /** Proves to auth that this is reservas. */
  serviceSecret: secret('SERVICE_SECRET'),
  /** Extra credit for a problem of the space, in percent of what was paid; frozen when a reservation is made. */
  bonusPercentual: integer('BONUS_PERCENTUAL', { default: 10, min: 0, max: 100 }),
  /** A streaming replica of the database to read from; left out, the primary answers everything. */
  databaseReplicaUrl: optional(url('DATABASE_REPLICA_URL', ['postgres', 'postgresql'])),
  /** The REST API as clients see it: addresses of calendar feeds start with it. */
  publicUrl: url('PUBLIC_URL', ['http', 'https'], { default: 'http://127.0.0.1:8000' }),
  /**
   * Sign the addresses of calendar feeds, the first one the new ones: 32 bytes each in hexadecimal, separated by commas.
   * Without them `ID_KEY` does, as in earlier releases: it goes to the end of the list when the first key is named, or the
   * feeds made until then end.
   */
  calendarKeys: optional(hexKeys('CALENDAR_KEYS')),
  /** Right of the `@` of calendar entries: the domain of the address that notificacoes sends from. */
  calendarDomain: text('CALENDAR_DOMAIN', { default: 'plataforma.local' }),
};

export type ReservasConfig = ConfigOf<typeof fields>;
