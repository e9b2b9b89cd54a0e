import { fromJson, type JsonValue } from '@bufbuild/protobuf';
import type { ConsumeOptions } from '@plataforma/runtime/event-consumer';
import { PermanentError } from '@plataforma/runtime/event-message';
import type { Atingidos } from './atingidos.ts';
import { type Bancada, SERVICOS, type Servico } from './bancada.ts';

/** Whose message it is, and which: what tells its copies from other messages. */
interface Mensagem {
  readonly rotulo: string;
  readonly id: string;
  /** The aggregate whose events these are, as one consumer hears of it; webhooks have none. */
  readonly agregado?: { readonly chave: string; readonly versao: number };
  levar(): Promise<void>;
}

/** One copy of an event or a webhook on its way. */
export interface Entrega extends Mensagem {
  /** The step of the run at which it was sent. */
  readonly postada: number;
  /** It was lost, and sent again. */
  perdida: boolean;
  /** It waits until all newer ones of its aggregate have come. */
  retida: boolean;
  /** The events of its aggregate come newest first. */
  readonly deTras: boolean;
  /** What has been tried on it so far. */
  falhas: number;
  /** Not to be carried before this step of the run. Infinity: lost, until it is sent again. */
  passo: number;
  /** Nor before this instant. */
  naoAntesDe: number;
}

/** How many copies of a message there are, and at which steps they come. */
export type Roteiro = () => readonly number[];

/** Whether a consumer gets the events of an aggregate newest first. */
export type DeTras = (chave: string) => boolean;

interface OutboxRow {
  readonly posicao: string;
  readonly id: string;
  readonly tipo: string;
  readonly agregado: string;
  readonly versao: number;
  readonly assunto: string;
  readonly payload: JsonValue;
}

const NOVOS = `
  select posicao, id, agregado_tipo as tipo, agregado_id as agregado, agregado_versao as versao, assunto, payload
  from outbox where posicao > $1 order by posicao`;

const ACOMPANHADAS = 'select reserva_id, xmin::text as versao from reservas order by reserva_id';

/** Waits of a consumer between the deliveries of an event that fails; after the last it is a dead letter. */
const ESPERAS_MS = [1_000, 2_000, 4_000];
/** A message that takes more steps of a run than this is late. */
const PONTUAL = 12;

/**
 * Stands between the outboxes, Stripe and those who listen to them. What it carries, how often and when, is told; what of
 * it was out of the ordinary, it counts.
 */
export class Correio {
  readonly #bancada: Bancada;
  readonly #lidos: Record<Servico, string> = { reservas: '0', pagamentos: '0', notificacoes: '0' };
  #webhooksLidos = 0;
  #caminho: Entrega[] = [];
  /** Messages that were carried in this run, and the latest version that a consumer has seen of an aggregate. */
  readonly #levadas = new Map<string, Mensagem>();
  readonly #vistas = new Map<string, number>();
  /** How many messages about each aggregate are being taken in at this moment. */
  readonly #emMaos = new Map<string, number>();
  /** Events that were given up, and why. */
  readonly mortas: string[] = [];

  constructor(bancada: Bancada) {
    this.#bancada = bancada;
  }

  /** Everything on its way. */
  get caminho(): readonly Entrega[] {
    return this.#caminho;
  }

  /** Forgets what is on its way and what is not collected yet: the next run has nothing to do with it. */
  async esquecer(): Promise<void> {
    await this.recolher(0, () => []);
    this.#caminho = [];
    this.mortas.length = 0;
    this.#levadas.clear();
    this.#vistas.clear();
  }

  /**
   * Takes what was published since.
   *
   * @param agora the step of the run
   * @param doStripe when webhooks come, if not as events do
   * @param deTras what is held back until {@link soltarMaisNovas}
   */
  async recolher(
    agora: number,
    roteiro: Roteiro,
    doStripe: Roteiro = roteiro,
    deTras: DeTras = () => false,
  ): Promise<void> {
    const lidos = await Promise.all(
      SERVICOS.map((servico) => this.#bancada.query<OutboxRow>(servico, NOVOS, [this.#lidos[servico]])),
    );
    for (const [i, servico] of SERVICOS.entries()) {
      for (const row of lidos[i] ?? [])
        for (const mensagem of this.#mensagens(row)) this.#postar(mensagem, agora, roteiro, deTras);
      this.#lidos[servico] = lidos[i]?.at(-1)?.posicao ?? this.#lidos[servico];
    }
    const eventos = this.#bancada.stripe.events();
    for (const { event } of eventos.slice(this.#webhooksLidos)) {
      const levar = () => this.#bancada.webhook(event);
      this.#postar({ rotulo: event.type, id: event.id, levar }, agora, doStripe);
    }
    this.#webhooksLidos = eventos.length;
  }

  /** Carries one copy. An event that fails comes again after a while, and is given up as its consumer would. */
  async entregar(entrega: Entrega, agora: number, atingidos: Atingidos): Promise<void> {
    this.#caminho = this.#caminho.filter((outra) => outra !== entrega);
    this.#contar(entrega, agora, atingidos);
    const chave = entrega.agregado?.chave ?? entrega.id;
    const juntas = (this.#emMaos.get(chave) ?? 0) + 1;
    if (juntas > 1) atingidos.conte('message: at the same time as another of its aggregate');
    this.#emMaos.set(chave, juntas);
    try {
      await entrega.levar();
    } catch (error) {
      const espera = error instanceof PermanentError ? undefined : ESPERAS_MS[entrega.falhas];
      if (espera === undefined) this.mortas.push(`${entrega.rotulo}: ${error}`);
      else {
        const naoAntesDe = this.#bancada.clock.now().getTime() + espera;
        this.#caminho.push({ ...entrega, falhas: entrega.falhas + 1, naoAntesDe });
      }
    } finally {
      this.#emMaos.set(chave, (this.#emMaos.get(chave) ?? 1) - 1);
    }
  }

  /**
   * Every event comes once more to notificacoes, as from a stream that is read anew. It keeps note of messages and passes
   * over them, so that nothing at all is written.
   */
  async tudoDeNovo(): Promise<void> {
    const antes = await this.#acompanhadas();
    for (const { agregado, levar, rotulo } of this.#levadas.values())
      if (agregado?.chave.includes(' notificacoes-'))
        await levar().catch((error) => this.mortas.push(`${rotulo}, once more: ${error}`));
    if ((await this.#acompanhadas()) !== antes)
      this.mortas.push('notificacoes took in what it had taken in before');
  }

  /** What notificacoes keeps of reservations, by the version of each row. */
  async #acompanhadas(): Promise<string> {
    return JSON.stringify(await this.#bancada.query('notificacoes', ACOMPANHADAS, []));
  }

  /** What was lost is sent again. */
  reenviarPerdidas(): void {
    for (const entrega of this.#caminho) {
      if (entrega.retida || entrega.passo !== Number.POSITIVE_INFINITY) continue;
      entrega.passo = 0;
      entrega.perdida = true;
    }
  }

  /** Of each aggregate whose events are held back the newest one may go; false when there is none. */
  soltarMaisNovas(): boolean {
    const retidas = this.#caminho.filter(({ retida }) => retida);
    const ultima = new Map<string, number>();
    for (const { agregado } of retidas)
      if (agregado) ultima.set(agregado.chave, Math.max(ultima.get(agregado.chave) ?? 0, agregado.versao));
    for (const entrega of retidas)
      if (entrega.agregado?.versao === ultima.get(entrega.agregado?.chave ?? ''))
        Object.assign(entrega, { retida: false, passo: 0 });
    return retidas.length > 0;
  }

  #contar(entrega: Entrega, agora: number, atingidos: Atingidos): void {
    const { id, postada, perdida, falhas, agregado, deTras } = entrega;
    if (falhas > 0) {
      atingidos.conte('message: failed, and came again');
      return;
    }
    if (perdida) atingidos.conte('message: lost, and sent again');
    else if (agora - postada > PONTUAL) atingidos.conte('message: late');
    if (this.#levadas.has(id)) atingidos.conte('message: a copy of one that had come');
    const primeira = !this.#levadas.has(id);
    this.#levadas.set(id, entrega);
    if (!primeira || !agregado) return;
    const vista = this.#vistas.get(agregado.chave) ?? 0;
    if (agregado.versao < vista)
      atingidos.conte(
        `message: ${deTras ? 'newest first, after all newer ones' : 'after a newer one'} of its aggregate`,
      );
    this.#vistas.set(agregado.chave, Math.max(vista, agregado.versao));
  }

  #postar(mensagem: Mensagem, agora: number, roteiro: Roteiro, deTras: DeTras = () => false): void {
    const retida = mensagem.agregado !== undefined && deTras(mensagem.agregado.chave);
    const nova = { ...mensagem, postada: agora, perdida: false, falhas: 0, naoAntesDe: 0 };
    for (const passo of roteiro()) this.#caminho.push({ ...nova, passo, retida, deTras: retida });
  }

  /** One for each consumer that cares. */
  #mensagens(row: OutboxRow): Mensagem[] {
    const ouvintes = SERVICOS.flatMap((servico) => this.#bancada.partes[servico].consumers ?? []);
    return ouvintes.flatMap((ouvinte) => {
      const levar = this.#levarA(ouvinte, row);
      if (!levar) return [];
      const { durable } = ouvinte;
      const rotulo = `${row.assunto} v${row.versao} -> ${durable}`;
      const agregado = { chave: `${row.agregado} ${durable}`, versao: row.versao };
      return [{ rotulo, id: `${row.id} ${durable}`, agregado, levar }];
    });
  }

  /** Undefined when this consumer does not care. */
  #levarA({ filter, on }: ConsumeOptions, row: OutboxRow): (() => Promise<void>) | undefined {
    if (!row.assunto.startsWith(filter.replace('>', ''))) return undefined;
    const inscricao = on.find(({ schema }) => schema.typeName === row.assunto);
    if (inscricao === undefined) return undefined;
    const { id, assunto: subject, tipo, agregado, versao } = row;
    const meta = {
      id,
      subject,
      agregado: { tipo, id: agregado, versao },
      ocorridoEm: this.#bancada.clock.now(),
      entrega: 1,
    };
    return () =>
      inscricao.handle(fromJson(inscricao.schema, row.payload, { ignoreUnknownFields: true }), meta);
  }
}
