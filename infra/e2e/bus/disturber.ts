import { randomUUID } from 'node:crypto';
import { jetstreamManager } from '@nats-io/jetstream';
import { type Random, shuffled } from '@plataforma/dev/stripe/switches/seeded-random';
import { fromNatsHeaders } from '@plataforma/runtime/event-message';
import { delay } from '@plataforma/runtime/wait';
import { SERVICOS, type Servico } from '../torturador/bancada.ts';
import type { Barramento, Replica } from './replicas.ts';

/** How long it goes on. */
const PERTURBACAO_MS = 40_000;
/** Longer than the server waits for an answer (30 s), and than any replica holds a lock that others need at once. */
const CONGELADA_MS = 32_500;
/** A disturbance that finds nothing to disturb is given up. */
const ESPERA_MS = 10_000;
/** Shorter than anybody waits for a lock. */
const TRANCADA_MS = 2_000;
/** From the line to the database. */
const ATE_CHEGAR_MS = 150;
/** Of one replica: enough for some of their messages to come to the other one. */
const RESPOSTAS_PERDIDAS = 6;
const RELAY_LOCK = 7_301_002;
const MAIOR_ATRASO_MS = 1_500;

const STREAMS = ['RESERVAS', 'PAGAMENTOS'] as const;

interface Golpe {
  /** Left out: not worth a line. */
  readonly rotulo?: string;
  readonly emMs: number;
  dar(): Promise<unknown>;
}

/**
 * Does hostile things to the bus and to those who hang on it. The seed decides what is done to whom and when; what that
 * one had in hand just then, and who wins a race, it cannot decide.
 */
export class Perturbador {
  readonly #barramento: Barramento;
  readonly #acaso: Random;
  readonly #inicio = performance.now();
  readonly #contas = {
    congeladasComTrabalho: 0,
    mortasComTrabalho: 0,
    cortes: 0,
    reinicios: 0,
    relays: 0,
    repetidas: 0,
  };
  /** What was done, and when. */
  readonly passos: string[] = [];

  constructor(barramento: Barramento, acaso: Random) {
    this.#barramento = barramento;
    this.#acaso = acaso;
  }

  /** How often each kind of disturbance was really there. */
  get golpes(): Readonly<Record<string, number>> {
    const { congeladasComTrabalho, mortasComTrabalho, cortes, reinicios, relays, repetidas } = this.#contas;
    const soma = (campo: 'perdidas' | 'ultrapassadas') =>
      this.#barramento.replicas.reduce((total, { linha }) => total + linha[campo], 0);
    return {
      'replicas frozen with work in hand': congeladasComTrabalho,
      'replicas killed with work in hand': mortasComTrabalho,
      'connections cut': cortes,
      'answers lost': soma('perdidas'),
      'restarts of NATS': reinicios,
      'relays taken from between publication and mark': relays,
      'events published again from outside': repetidas,
      'messages overtaken': soma('ultrapassadas'),
    };
  }

  /** All of it, and everything is whole again when it resolves. */
  async perturbar(): Promise<void> {
    this.#atrasar();
    try {
      await Promise.all(this.#plano().map((golpe) => this.#naHora(golpe)));
    } finally {
      this.#soltar();
    }
  }

  #soltar(): void {
    for (const replica of this.#barramento.replicas) {
      this.#barramento.descongelar(replica);
      replica.linha.muda = false;
      replica.linha.atraso = () => 0;
      replica.linha.soltarRecibos();
    }
  }

  async #naHora({ rotulo, emMs, dar }: Golpe): Promise<void> {
    await delay(emMs);
    const inicio = this.#segundos();
    await dar();
    if (rotulo) this.passos.push(`${inicio} to ${this.#segundos()} s: ${rotulo}`);
  }

  #segundos(): string {
    return ((performance.now() - this.#inicio) / 1_000).toFixed(1);
  }

  /** Every subject has a pace of its own on its way to each replica: streams are heard of in another order. */
  #atrasar(): void {
    for (const { linha } of this.#barramento.replicas) {
      const ritmos = new Map<string, number>();
      linha.atraso = (assunto) => {
        const ritmo = ritmos.get(assunto) ?? (this.#acaso() < 0.5 ? 0 : this.#acaso() * MAIOR_ATRASO_MS);
        ritmos.set(assunto, ritmo);
        return ritmo;
      };
    }
  }

  #plano(): Golpe[] {
    const entre = (de: number, ate: number) => de + this.#acaso() * (ate - de);
    const geladas = shuffled(SERVICOS, this.#acaso)
      .slice(0, 2)
      .map((servico) => this.#uma(servico, []));
    const acordadas = SERVICOS.map((servico) => this.#uma(servico, geladas));
    const congelar = geladas.map((uma) =>
      this.#golpe('freeze', entre(5_000, 6_500), uma, (r) => this.#congelar(r)),
    );
    // A replica of notificacoes that dies between an e-mail and its mark sends it again, so none of them.
    const [vitima] = shuffled(acordadas.slice(0, 2), this.#acaso) as [Replica, ...Replica[]];
    const matar = this.#golpe('kill', entre(1_000, 2_000), vitima, (r) => this.#matar(r));
    const emudecer = acordadas.map((uma) =>
      this.#golpe('mute', entre(1_000, 8_000), uma, (r) => this.#emudecer(r)),
    );
    const cortar = [...acordadas, this.#uma('reservas', [])].map((uma) =>
      this.#golpe('cut', entre(1_000, 28_000), uma, (r) => this.#cortar(r)),
    );
    const relays = SERVICOS.map((servico) => ({
      rotulo: `take the relay of ${servico} from between publication and mark`,
      emMs: entre(500, 2_000),
      dar: () => this.#derrubarRelay(servico),
    }));
    const repetir = Array.from({ length: 25 }, () => ({
      emMs: entre(5_000, PERTURBACAO_MS - 1_000),
      dar: () => this.#repetir(),
    }));
    const nats = { rotulo: 'restart NATS', emMs: entre(10_000, 24_000), dar: () => this.#reiniciar() };
    const tudo = { emMs: PERTURBACAO_MS, dar: async () => {} };
    return [matar, ...congelar, ...emudecer, ...cortar, ...relays, ...repetir, nats, tudo];
  }

  #golpe(o: string, emMs: number, replica: Replica, dar: (replica: Replica) => Promise<unknown>): Golpe {
    return { rotulo: `${o} ${replica.nome}`, emMs, dar: () => dar(replica) };
  }

  /** A replica of this service, none of the given ones. */
  #uma(servico: Servico, menos: readonly Replica[]): Replica {
    const replicas = this.#barramento.replicas.filter(
      (outra) => outra.servico === servico && !menos.includes(outra),
    );
    const [replica] = shuffled(replicas, this.#acaso);
    return replica as Replica;
  }

  /** In the middle of its work: the server gives its messages to the other one meanwhile, and then it goes on with them. */
  async #congelar(replica: Replica): Promise<void> {
    const trabalhava = await this.#noMeioDoTrabalho(replica, async () =>
      this.#barramento.congelar(replica, CONGELADA_MS),
    );
    if (trabalhava) this.#contas.congeladasComTrabalho += 1;
    await delay(CONGELADA_MS);
    this.#barramento.descongelar(replica);
    replica.emPartida = false;
  }

  /** In the middle of its work, and started again at once. */
  async #matar(replica: Replica): Promise<void> {
    const trabalhava = await this.#noMeioDoTrabalho(replica, () => replica.processo.kill());
    if (trabalhava) this.#contas.mortasComTrabalho += 1;
    await replica.processo.restart();
    replica.emPartida = false;
  }

  /**
   * Keeps everybody from finishing what is in hand, and strikes as soon as this replica has something there; answers
   * whether it had. People are no victims: their calls would wait for their keys.
   */
  async #noMeioDoTrabalho(replica: Replica, dar: () => Promise<unknown>): Promise<boolean> {
    const fim = performance.now() + ESPERA_MS;
    replica.emPartida = true;
    while (replica.chamadas > 0 && performance.now() < fim) await delay(5);
    const { vigia } = this.#barramento;
    for (;;) {
      const abrir = await this.#barramento.trancar(replica.servico);
      try {
        await vigia.proximaEntrega(replica.nome, TRANCADA_MS);
        await delay(ATE_CHEGAR_MS);
        const trabalhava = vigia.trabalha(replica.nome);
        if (trabalhava || performance.now() > fim) {
          await dar();
          return trabalhava;
        }
      } finally {
        await abrir();
      }
    }
  }

  /** What it has done counts as not done: the server gives it to somebody again. */
  async #emudecer({ linha }: Replica): Promise<void> {
    const bastam = linha.perdidas + RESPOSTAS_PERDIDAS;
    const fim = performance.now() + ESPERA_MS;
    linha.muda = true;
    while (linha.perdidas < bastam && performance.now() < fim) await delay(5);
    linha.muda = false;
  }

  async #cortar({ linha }: Replica): Promise<void> {
    linha.cortar();
    this.#contas.cortes += 1;
  }

  async #reiniciar(): Promise<void> {
    await this.#barramento.servidores.nats.restart();
    this.#contas.reinicios += 1;
  }

  /** It has published, and loses its lock before it hears that this was stored: the next one publishes the same. */
  async #derrubarRelay(servico: Servico): Promise<void> {
    const linhas = this.#barramento.replicas
      .filter((replica) => replica.servico === servico)
      .map(({ linha }) => linha);
    for (const linha of linhas) linha.segurarRecibos();
    const fim = performance.now() + ESPERA_MS;
    while (linhas.every(({ recibosRetidos }) => recibosRetidos === 0) && performance.now() < fim)
      await delay(5);
    const derrubados = await this.#barramento.query(servico, DERRUBAR, [RELAY_LOCK]);
    if (linhas.some(({ recibosRetidos }) => recibosRetidos > 0)) this.#contas.relays += derrubados.length;
    for (const linha of linhas) linha.soltarRecibos();
  }

  /** Under another `Nats-Msg-Id`, as when it comes again after the time in which the stream knows copies. */
  async #repetir(): Promise<void> {
    const { bus } = this.#barramento.servidores;
    const [stream = 'RESERVAS'] = shuffled(STREAMS, this.#acaso);
    const sorte = this.#acaso();
    try {
      const { streams } = await jetstreamManager(bus.connection(), { checkAPI: false });
      const { state } = await streams.info(stream);
      if (state.messages === 0) return;
      const seq = state.first_seq + Math.floor(sorte * state.messages);
      const mensagem = await streams.getMessage(stream, { seq });
      if (!mensagem) return;
      const { 'Nats-Msg-Id': _, ...headers } = fromNatsHeaders(mensagem.header);
      await bus.publish({ id: randomUUID(), subject: mensagem.subject, payload: mensagem.data, headers });
      this.#contas.repetidas += 1;
    } catch {
      // NATS is just being restarted.
    }
  }
}

const DERRUBAR = `
  select pg_terminate_backend(pid) from pg_locks
  where locktype = 'advisory' and objid = $1 and granted and database = (
    select oid from pg_database where datname = current_database())`;
