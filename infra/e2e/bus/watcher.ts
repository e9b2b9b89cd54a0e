import { delay } from '@plataforma/runtime/wait';

/** One delivery of a message, as its reply subject tells. */
export interface Entrega {
  readonly stream: string;
  readonly consumidor: string;
  /** Of the message in its stream. */
  readonly sequencia: number;
  /** 1 at the first delivery. */
  readonly vez: number;
}

/** Undefined where the subject is not one that acknowledges a delivery. */
export function entregaDe(resposta: string | undefined): Entrega | undefined {
  const [js, ack, stream = '', consumidor = '', vez, sequencia] = resposta?.split('.') ?? [];
  if (js !== '$JS' || ack !== 'ACK') return undefined;
  return { stream, consumidor, sequencia: Number(sequencia), vez: Number(vez) };
}

/** So long after its delivery a message without an answer counts as being worked on. */
const NA_MAO_MS = 1_000;

interface Posse {
  readonly desde: number;
  acabada: boolean;
}

/** Sees what travels between the replicas and NATS, and counts what a disturbance has brought about. */
export class Vigia {
  /** Per message and consumer: who got it, and whether they said that it was done. */
  readonly #posses = new Map<string, Map<string, Posse>>();
  readonly #consumiram = new Map<string, Set<string>>();
  readonly #publicaram = new Map<string, Set<string>>();
  #esperam: Array<{ readonly replica: string; readonly avisar: () => void }> = [];
  /** Deliveries that were not the first of their message. */
  reentregues = 0;
  /** Deliveries to one replica while the other one had the message in hand. */
  ladoALado = 0;
  /** Messages that both replicas said were done. */
  acabadasPorDuas = 0;
  /** Publications that the stream had already. */
  publicadasDeNovo = 0;

  entregue(replica: string, entrega: Entrega): void {
    if (entrega.vez > 1) this.reentregues += 1;
    const posses = this.#posses.get(chave(entrega)) ?? new Map<string, Posse>();
    this.#posses.set(chave(entrega), posses);
    if ([...posses].some(([outra, { acabada }]) => outra !== replica && !acabada)) this.ladoALado += 1;
    posses.set(replica, { desde: performance.now(), acabada: false });
    for (const { avisar } of this.#esperam.filter((quem) => quem.replica === replica)) avisar();
  }

  /** Resolves with the next delivery to this replica, or after a while without one. */
  async proximaEntrega(replica: string, esperaMs: number): Promise<void> {
    const chegada = new AbortController();
    const quem = { replica, avisar: () => chegada.abort() };
    this.#esperam.push(quem);
    await delay(esperaMs, chegada.signal);
    this.#esperam = this.#esperam.filter((outro) => outro !== quem);
  }

  acabada(replica: string, entrega: Entrega): void {
    incluir(this.#consumiram, entrega.consumidor, replica);
    const posses = this.#posses.get(chave(entrega));
    const posse = posses?.get(replica);
    if (!posse || posse.acabada) return;
    posse.acabada = true;
    if ([...(posses ?? [])].every(([, outra]) => outra.acabada) && posses?.size === 2)
      this.acabadasPorDuas += 1;
  }

  /** @param conhecida the stream had it already */
  publicada(replica: string, stream: string, conhecida: boolean): void {
    incluir(this.#publicaram, stream, replica);
    if (conhecida) this.publicadasDeNovo += 1;
  }

  /** Whether this replica has got a message a moment ago and not answered yet. */
  trabalha(replica: string): boolean {
    const limite = performance.now() - NA_MAO_MS;
    return [...this.#posses.values()].some((posses) => {
      const posse = posses.get(replica);
      return posse !== undefined && !posse.acabada && posse.desde > limite;
    });
  }

  /** Replicas that finished messages of each consumer. */
  get consumiram(): ReadonlyMap<string, ReadonlySet<string>> {
    return this.#consumiram;
  }

  /** Replicas that published into each stream. */
  get publicaram(): ReadonlyMap<string, ReadonlySet<string>> {
    return this.#publicaram;
  }
}

const chave = ({ stream, consumidor, sequencia }: Entrega) => `${stream}/${consumidor}/${sequencia}`;

function incluir(mapa: Map<string, Set<string>>, nome: string, replica: string): void {
  mapa.set(nome, (mapa.get(nome) ?? new Set()).add(replica));
}
