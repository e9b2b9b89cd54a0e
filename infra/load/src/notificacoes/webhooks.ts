import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { create, toJsonString } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { ReservaConcluidaSchema } from '@plataforma/contratos/reservas/v1/eventos_pb';
import { connectEventBus, type EventBus } from '@plataforma/runtime/event-bus';
import { eventHeaders } from '@plataforma/runtime/event-message';
import { createLogger } from '@plataforma/runtime/logger';
import { ChavesDeAssinatura } from '../../../../services/notificacoes/src/webhooks/infrastructure/chaves.ts';
import { cpuByPart, cpuPerPiece } from '../saga/cpu-by-part.ts';
import { HANGING, type NotificacoesAlone, type Taken, WEBHOOK_KEY } from './notificacoes-alone.ts';

const ADDRESSES = 1_000;
/** What hangs is left alone after its first time: until then it is not the steady state that is measured. */
const SETTLING_S = 5;
const ARRIVAL_MS = 30_000;

export interface Webhooks {
  readonly addresses: number;
  readonly hanging: number;
  readonly asked: number;
  readonly arrived: number;
  readonly latencies: Taken['latencies'];
  /** Milliseconds an event. */
  readonly cpu: Readonly<Record<string, number>>;
}

const INSERT = `
  insert into webhooks (id, dono_id, nome, url, tipos, espacos, assinatura, chave, selo, criado_em)
  values ($1, $2, $3, $4, '{RESERVA_CONCLUIDA}', $5, 'HMAC', $6, $7, now())`;

/** Events at a rate, each for one of many addresses of which some hang: how long the others wait. */
export async function benchWebhooks(
  alone: NotificacoesAlone,
  { rate, seconds }: { rate: number; seconds: number },
): Promise<Webhooks> {
  await writeAddresses(alone);
  const logger = createLogger({ service: 'bench', level: 'warn' });
  const bus = await connectEventBus({ servers: alone.natsUrl, name: 'bench', logger });
  await bus.ensureStream('RESERVAS', ['reservas.v1.>']);
  const stop = await alone.service({});
  try {
    // What of it arrives late, while the service has just begun, is none of what is measured.
    await arrivals(alone, await publishAtRate(bus, rate, SETTLING_S, 0));
    await alone.reset();
    const before = await cpuByPart();
    const asked = await publishAtRate(bus, rate, seconds, rate * SETTLING_S);
    const { webhooks: arrived, latencies } = await arrivals(alone, asked);
    const cpu = Object.fromEntries(cpuPerPiece(before, await cpuByPart(), rate * seconds));
    return { addresses: ADDRESSES, hanging: HANGING, asked, arrived, latencies, cpu };
  } finally {
    await stop();
    await bus.close();
  }
}

async function writeAddresses({ sql, httpUrl }: NotificacoesAlone): Promise<void> {
  const chaves = new ChavesDeAssinatura([WEBHOOK_KEY]);
  for (let n = 0; n < ADDRESSES; n++) {
    const id = `whk_bench${n}`;
    const { selada } = chaves.nova(id, 'HMAC');
    const dono = `cli_adm${Math.floor(n / 20)}`;
    await sql.query(INSERT, [id, dono, `n${n}`, `${httpUrl}/w/${n}`, [`esp_${n}`], selada, chaves.selo]);
  }
}

/** Each event is for the next address. Answers how many were for those that answer. */
async function publishAtRate(bus: EventBus, rate: number, seconds: number, first: number): Promise<number> {
  const start = performance.now();
  let healthy = 0;
  for (let n = 0; n < rate * seconds; n++) {
    const due = start + (n * 1_000) / rate;
    if (due > performance.now()) await sleep(due - performance.now());
    const address = (first + n) % ADDRESSES;
    if (address >= HANGING) healthy += 1;
    await publish(bus, address);
  }
  return healthy;
}

/** Of a kind of which no message is written: what is measured is the way of an event to its receivers, and nothing beside it. */
function publish(bus: EventBus, address: number): Promise<unknown> {
  const [id, reservaId] = [randomUUID(), `res_${randomUUID()}`];
  const dados = create(ReservaConcluidaSchema, {
    ...{ reservaId, clienteId: 'cli_bench', espacoId: `esp_${address}` },
    ocorridoEm: timestampFromDate(new Date()),
  });
  const assunto = ReservaConcluidaSchema.typeName;
  const agregado = { tipo: 'reserva', id: reservaId, versao: 3 };
  return bus.publish({
    ...{ id, subject: assunto, payload: toJsonString(ReservaConcluidaSchema, dados) },
    headers: eventHeaders({ id, assunto, agregado, criadoEm: new Date(), cabecalhos: {} }),
  });
}

async function arrivals(alone: NotificacoesAlone, asked: number): Promise<Taken> {
  for (const end = performance.now() + ARRIVAL_MS; ; await sleep(100)) {
    const taken = await alone.taken();
    if (taken.webhooks >= asked || performance.now() > end) return taken;
  }
}
