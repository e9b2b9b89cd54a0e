import { randomUUID } from 'node:crypto';
import type { DescMessage } from '@bufbuild/protobuf';
import { create, type MessageInitShape, toJsonString } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { expect } from '@jest/globals';
import { UsuarioRegistradoSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import {
  CobrancaCriadaSchema,
  EstornoConcluidoSchema,
  EstornoFalhouSchema,
  EstornoSolicitadoSchema,
  PagamentoAprovadoSchema,
  PagamentoRecusadoSchema,
} from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import {
  ReservaCanceladaSchema,
  ReservaConfirmadaSchema,
  ReservaCriadaSchema,
  ReservaExpiradaSchema,
  VagaOferecidaSchema,
} from '@plataforma/contratos/reservas/v1/eventos_pb';
import type { IdGenerator } from '@plataforma/domain/id';
import type { AdminLooks } from '@plataforma/runtime/admin-looks';
import { loadConfig } from '@plataforma/runtime/config';
import { connectEventBus, type EventBus } from '@plataforma/runtime/event-bus';
import type { ConsumeOptions } from '@plataforma/runtime/event-consumer';
import { eventHeaders } from '@plataforma/runtime/event-message';
import type { HttpRoute } from '@plataforma/runtime/http-routes';
import { createMetrics, type Metrics } from '@plataforma/runtime/metrics';
import type { RpcService } from '@plataforma/runtime/rpc';
import { createSeal, type PersonalSealing } from '@plataforma/runtime/sealing';
import { eventually } from '@plataforma/testing/eventually';
import type { FixedClock } from '@plataforma/testing/fixed-clock';
import { SequentialIds } from '@plataforma/testing/sequential-ids';
import { type NatsServer, startNats } from '@plataforma/testing/servers/nats';
import { pino } from 'pino';
import type { EmailConfig } from '../../src/canais/infrastructure/email/email-config.ts';
import type { PushConfig } from '../../src/canais/infrastructure/push/push-config.ts';
import { smsFields } from '../../src/canais/infrastructure/sms/sms-config.ts';
import { createNotificacoes } from '../../src/container.ts';
import type { Modelo } from '../../src/modelos/domain/modelo.ts';
import type { Idiomas } from '../../src/modelos/infrastructure/idiomas/idiomas.ts';
import type { RetornosConfig } from '../../src/retornos/infrastructure/retornos-config.ts';
import { telefonesFields } from '../../src/telefones/infrastructure/telefones-config.ts';
import { createServiceDatabase, type ServiceDatabase } from './database.ts';

export const logger = pino({ level: 'silent' });
const emailFrom = { nome: 'Plataforma de Reservas', email: 'reservas@plataforma.local' };

/** Nothing goes by SMS. */
export const semSms = loadConfig({}, { ...smsFields, ...telefonesFields });

/** E-mail goes by SMTP. */
export const semApis = {
  emailProvider: 'smtp',
  emailFallbackProvider: undefined,
  ...{ sendgridApiKey: undefined, sendgridUrl: 'http://127.0.0.1:1' },
  ...{ resendApiKey: undefined, resendUrl: 'http://127.0.0.1:1' },
} as const;

/** Push messages go nowhere. */
export const semPush: PushConfig = {
  fcmServiceAccount: undefined,
  fcmUrl: 'http://127.0.0.1:1',
  vapidPrivateKey: undefined,
  webPushSubject: undefined,
  webPushHosts: [],
  webPushAllowLoopback: true,
};

export const CHECKOUT = 'https://checkout.exemplo.com/c/pay/cs_1';

const PERIODO = {
  espacoId: 'esp_1',
  espacoNome: 'Sala Ipê',
  dataInicio: timestampFromDate(new Date('2026-11-24T17:00:00Z')),
  dataFim: timestampFromDate(new Date('2026-11-24T19:00:00Z')),
  fusoHorario: 'America/Sao_Paulo',
};

const valorDe = (centavos: bigint | undefined) =>
  centavos === undefined ? {} : { valor: { centavos, moeda: 'BRL' } };

/** One running copy of the service. */
export interface Instance {
  readonly consumers: readonly ConsumeOptions[];
  readonly services: readonly RpcService[];
  readonly routes: readonly HttpRoute[];
  /** What records looks of administrators. */
  readonly looks: AdminLooks;
  readonly metrics: Metrics;
  /** Waits until the sender has looked at its queue once more. */
  turns(): Promise<void>;
  stop(): Promise<void>;
}

/** An event to publish: the same `id` is the same event, however often it is delivered. */
interface Publication<S extends DescMessage> {
  readonly schema: S;
  readonly dados: MessageInitShape<S>;
  readonly agregado: { tipo: string; id: string; versao: number };
  readonly id?: string;
}

/** PostgreSQL and NATS for one suite, and copies of the service on them. */
export class Harness {
  readonly ids: IdGenerator = new SequentialIds();
  /** The series that the events that are published are of; empty for none. */
  serieId = '';
  /** auth is away, unless a spec says where it is. */
  authAddress = '127.0.0.1:1';
  /** Seal the keys of webhooks; the first one those that are made. */
  webhookKeys: Buffer[] = [Buffer.alloc(32, 7)];
  /** The history is copied nowhere, unless a spec says where to. */
  mongodbUrl: string | undefined;
  /** What carries e-mails, where that is not SMTP. */
  email: Partial<EmailConfig> = {};
  /** What carries push messages, where anything does. */
  push: Partial<PushConfig> = {};
  /** What proves providers that tell of messages; nothing is taken from one without. */
  retornos: Partial<RetornosConfig> = {};
  /** What carries SMS, and where to; nothing, unless a spec says what. */
  sms: Partial<typeof semSms> = {};
  /** What messages are written in: what the service has, unless a spec says what. */
  idiomas: Idiomas | undefined;
  /** What seals the personal data of the events that are published; they are in clear without. */
  sealing: PersonalSealing | undefined;
  readonly database: ServiceDatabase;
  readonly #nats: NatsServer;
  readonly #publisher: EventBus;

  private constructor(database: ServiceDatabase, nats: NatsServer, publisher: EventBus) {
    this.database = database;
    this.#nats = nats;
    this.#publisher = publisher;
  }

  static async start(): Promise<Harness> {
    const [database, nats] = await Promise.all([createServiceDatabase(), startNats()]);
    const publisher = await connectEventBus({ servers: nats.url, name: 'teste', logger });
    await publisher.ensureStream('AUTH', ['auth.v1.>']);
    await publisher.ensureStream('RESERVAS', ['reservas.v1.>']);
    await publisher.ensureStream('PAGAMENTOS', ['pagamentos.v1.>']);
    return new Harness(database, nats, publisher);
  }

  async stop(): Promise<void> {
    await this.#publisher.close();
    await this.#nats.stop();
    await this.database.drop();
  }

  /** A copy of the service with consumers and sender, as `runService` would start it. */
  async instance(smtpUrl: string, clock: FixedClock): Promise<Instance> {
    const bus = await connectEventBus({ servers: this.#nats.url, name: 'notificacoes', logger });
    const metrics = createMetrics('notificacoes');
    const { dataSource } = this.database;
    const config = {
      ...semApis,
      smtpUrl,
      ...this.email,
      ...semPush,
      ...this.push,
      ...this.retornos,
      ...semSms,
      ...this.sms,
      emailFrom,
      mongodbUrl: this.mongodbUrl,
      historyRetentionDays: 1_826,
      authAddress: this.authAddress,
      serviceSecret: 'segredo de notificacoes',
      webhookKeys: this.webhookKeys,
      ...{ unsubscribeKeys: [Buffer.alloc(32, 8)], publicUrl: 'https://api.exemplo.com/' },
      webhookAllowLoopback: true,
      trustedProxies: ['127.0.0.0/8'],
    };
    const { ids, idiomas } = this;
    const parts = createNotificacoes({
      ...{ config, clock, dataSource, ids, logger, metrics },
      ...(idiomas && { idiomas }),
    });
    for (const options of parts.consumers ?? []) bus.consume(options);
    for (const background of parts.background ?? []) await background.start();
    const stop = async () => {
      for (const background of [...(parts.background ?? [])].reverse()) await background.stop();
      await bus.close();
      for (const connection of parts.connections ?? []) connection.close();
    };
    const turns = async () => {
      for (const background of parts.background ?? []) await background.turn?.();
    };
    const { services, looks } = parts;
    if (looks === undefined) throw new Error('nothing records looks at data');
    const { consumers = [], routes = [] } = parts;
    return { consumers, services, routes, looks, metrics, turns, stop };
  }

  /** Each call is a message of its own to the broker, so that nothing but the service can tell duplicates. */
  async publish<S extends DescMessage>({
    schema,
    dados,
    agregado,
    id = randomUUID(),
  }: Publication<S>): Promise<void> {
    const criadoEm = new Date();
    await this.#publisher.publish({
      id: randomUUID(),
      subject: schema.typeName,
      payload: await this.sealed(schema, dados),
      headers: eventHeaders({ id, assunto: schema.typeName, agregado, criadoEm, cabecalhos: {} }),
    });
  }

  /** An event as it travels. */
  sealed<S extends DescMessage>(schema: S, dados: MessageInitShape<S>): Promise<string> {
    const payload = toJsonString(schema, create(schema, dados));
    if (this.sealing === undefined) return Promise.resolve(payload);
    return createSeal([schema.file], this.sealing)(schema.typeName, payload);
  }

  /** Resolves when every consumer of auth has dealt with all that was published. */
  drained(): Promise<void> {
    return eventually(async () => {
      const answer = await this.#publisher.connection().request('$JS.API.CONSUMER.LIST.AUTH');
      const { consumers } = answer.json<{ consumers: { num_pending: number; num_ack_pending: number }[] }>();
      for (const { num_pending, num_ack_pending } of consumers)
        expect([num_pending, num_ack_pending]).toEqual([0, 0]);
    });
  }

  registrar(usuarioId: string, nome: string, email: string): Promise<void> {
    const dados = { usuarioId, nome, email, emailVerificado: true };
    return this.publish({
      schema: UsuarioRegistradoSchema,
      dados,
      agregado: { tipo: 'usuario', id: usuarioId, versao: 1 },
    });
  }

  confirmar(reservaId: string, clienteId: string, id?: string, espacoNome = 'Sala Ipê'): Promise<void> {
    return this.publish({
      schema: ReservaConfirmadaSchema,
      dados: {
        reservaId,
        clienteId,
        ...PERIODO,
        serieId: this.serieId,
        espacoNome,
        espacoEndereco: 'Avenida São João, 439',
        valor: { centavos: 25_000n, moeda: 'BRL' },
        pagamentoId: 'pag_7Yt2Kp4m',
        ocorridoEm: timestampFromDate(new Date('2026-11-20T12:34:56Z')),
      },
      agregado: { tipo: 'reserva', id: reservaId, versao: 2 },
      ...(id && { id }),
    });
  }

  criar(reservaId: string, clienteId: string, expiraEm: string): Promise<void> {
    return this.publish({
      schema: ReservaCriadaSchema,
      dados: {
        reservaId,
        clienteId,
        ...PERIODO,
        serieId: this.serieId,
        expiraEm: timestampFromDate(new Date(expiraEm)),
      },
      agregado: { tipo: 'reserva', id: reservaId, versao: 1 },
    });
  }

  expirar(reservaId: string, clienteId: string, id: string): Promise<void> {
    return this.publish({
      schema: ReservaExpiradaSchema,
      dados: { reservaId, clienteId, serieId: this.serieId },
      agregado: { tipo: 'reserva', id: reservaId, versao: 2 },
      id,
    });
  }

  oferecer(reservaId: string, clienteId: string, expiraEm: string): Promise<void> {
    return this.publish({
      schema: VagaOferecidaSchema,
      dados: {
        entradaId: `fil_${reservaId}`,
        reservaId,
        clienteId,
        ...PERIODO,
        valor: { centavos: 25_000n, moeda: 'BRL' },
        expiraEm: timestampFromDate(new Date(expiraEm)),
      },
      agregado: { tipo: 'entrada-fila', id: `fil_${reservaId}`, versao: 2 },
    });
  }

  cobrar(reservaId: string, clienteId: string, id: string, centavos?: bigint): Promise<void> {
    return this.publish({
      schema: CobrancaCriadaSchema,
      dados: { reservaId, clienteId, pagamentoId: 'pag_1', checkoutUrl: CHECKOUT, ...valorDe(centavos) },
      agregado: { tipo: 'pagamento', id: `pag_${reservaId}`, versao: 1 },
      id,
    });
  }

  aprovar(reservaId: string, clienteId: string, id: string): Promise<void> {
    const ocorridoEm = timestampFromDate(new Date('2026-11-20T13:01:00Z'));
    return this.publish({
      schema: PagamentoAprovadoSchema,
      dados: { reservaId, clienteId, pagamentoId: 'pag_1', ocorridoEm, ...valorDe(25_000n) },
      agregado: { tipo: 'pagamento', id: `pag_${reservaId}`, versao: 2 },
      id,
    });
  }

  recusar(reservaId: string, clienteId: string, id: string): Promise<void> {
    return this.publish({
      schema: PagamentoRecusadoSchema,
      dados: { reservaId, clienteId, pagamentoId: 'pag_1', codigo: 'card_declined' },
      agregado: { tipo: 'pagamento', id: `pag_${reservaId}`, versao: 2 },
      id,
    });
  }

  estornar(reservaId: string, clienteId: string, numero: number): Promise<void> {
    return this.publish({
      schema: EstornoConcluidoSchema,
      dados: {
        reservaId,
        clienteId,
        pagamentoId: 'pag_1',
        valor: { centavos: 12_500n, moeda: 'BRL' },
        numero,
      },
      agregado: { tipo: 'pagamento', id: `pag_${reservaId}`, versao: 5 },
    });
  }

  /** With what pagamentos answers at once. */
  async cancelar(reservaId: string, clienteId: string, id?: string, desistencia = false): Promise<void> {
    await this.cancelarSemResposta(reservaId, clienteId, id, desistencia);
    await this.responder(reservaId, clienteId);
  }

  /** What pagamentos gives back because of the cancellation. */
  responder(reservaId: string, clienteId: string, centavos = 12_500n, id = `resposta_${reservaId}`) {
    const valor = { centavos, moeda: 'BRL' };
    const dono = { reservaId, clienteId, pagamentoId: 'pag_7Yt2Kp4m' };
    return this.publish({
      schema: EstornoSolicitadoSchema,
      dados: {
        ...dono,
        numero: 1,
        valor,
        pedido: { numero: 1, movimentos: 1, origem: 'CANCELAMENTO', valor },
      },
      agregado: { tipo: 'pagamento', id: `pag_${reservaId}`, versao: 4 },
      id,
    });
  }

  falhar(reservaId: string, clienteId: string, numero: number): Promise<void> {
    const valor = { centavos: 12_500n, moeda: 'BRL' };
    return this.publish({
      schema: EstornoFalhouSchema,
      dados: {
        reservaId,
        clienteId,
        pagamentoId: 'pag_1',
        valor,
        numero,
        codigo: 'declined',
        devolvido: true,
      },
      agregado: { tipo: 'pagamento', id: `pag_${reservaId}`, versao: 6 },
    });
  }

  cancelarSemResposta(reservaId: string, clienteId: string, id?: string, desistencia = false): Promise<void> {
    return this.publish({
      schema: ReservaCanceladaSchema,
      dados: {
        reservaId,
        clienteId,
        ...PERIODO,
        serieId: this.serieId,
        motivo: 'Choveu demais',
        pagamentoId: 'pag_7Yt2Kp4m',
        ...(desistencia ? { desistencia } : { reembolso: { centavos: 12_500n, moeda: 'BRL' } }),
        ocorridoEm: timestampFromDate(new Date('2026-11-20T12:44:56Z')),
      },
      agregado: { tipo: 'reserva', id: reservaId, versao: 3 },
      ...(id && { id }),
    });
  }

  /** Resolves when this event has had its effect, besides being told to programs of others. */
  handled(id: string): Promise<void> {
    return eventually(async () => {
      const rows: unknown[] = await this.database.dataSource.query(
        `select 1 from inbox where mensagem_id = $1 and consumidor not like 'notificacoes-webhooks-%'`,
        [id],
      );
      expect(rows).toHaveLength(1);
    });
  }

  /** Kinds of the records in the history of a reservation's messages of one model, in order. */
  async historico(reservaId: string, modelo: Modelo = 'RESERVA_CONFIRMADA'): Promise<string[]> {
    const rows: Array<{ tipo: string }> = await this.database.dataSource.query(
      `select tipo from historico_notificacoes where reserva_id = $1 and modelo = $2
       order by notificacao_id, sequencia`,
      [reservaId, modelo],
    );
    return rows.map(({ tipo }) => tipo);
  }

  /** Events about a reservation's messages that wait for the relay or have been sent. */
  outbox(reservaId: string): Promise<Array<{ assunto: string; payload: Record<string, unknown> }>> {
    return this.database.dataSource.query(
      `select assunto, payload from outbox where payload->>'reservaId' = $1`,
      [reservaId],
    );
  }
}
