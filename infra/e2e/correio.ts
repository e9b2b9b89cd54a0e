import { fromJson, type JsonValue } from '@bufbuild/protobuf';
import type { ConsumeOptions } from '@plataforma/runtime/event-consumer';
import { PermanentError } from '@plataforma/runtime/event-message';
import { type Bancada, SERVICOS, type Servico } from './bancada.ts';

/** One copy of an event or a webhook on its way. */
export interface Entrega {
  readonly rotulo: string;
  /** What has been tried on it so far. */
  falhas: number;
  /** Not to be carried before this step of the run. Infinity: lost, until it is sent again. */
  passo: number;
  /** Nor before this instant. */
  naoAntesDe: number;
  levar(): Promise<void>;
}

/** How many copies of a message there are, and at which steps they come. */
export type Roteiro = () => readonly number[];

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

/** Waits of a consumer between the deliveries of an event that fails; after the last it is a dead letter. */
const ESPERAS_MS = [1_000, 2_000, 4_000];

/** Stands between the outboxes, Stripe and those who listen to them. What it carries, how often and when, is told. */
export class Correio {
  readonly #bancada: Bancada;
  readonly #lidos: Record<Servico, string> = { reservas: '0', pagamentos: '0', notificacoes: '0' };
  #webhooksLidos = 0;
  #caminho: Entrega[] = [];
  /** Events that were given up, and why. */
  readonly mortas: string[] = [];

  constructor(bancada: Bancada) {
    this.#bancada = bancada;
  }

  /** Everything on its way. */
  get caminho(): readonly Entrega[] {
    return this.#caminho;
  }

  /** Forgets what is on its way and what nobody has collected yet: the next run has nothing to do with it. */
  async esquecer(): Promise<void> {
    await this.recolher(() => []);
    this.#caminho = [];
    this.mortas.length = 0;
  }

  /** Takes what was published since. @param doStripe when webhooks come, if not as events do */
  async recolher(roteiro: Roteiro, doStripe: Roteiro = roteiro): Promise<void> {
    const lidos = await Promise.all(
      SERVICOS.map((servico) => this.#bancada.query<OutboxRow>(servico, NOVOS, [this.#lidos[servico]])),
    );
    for (const [i, servico] of SERVICOS.entries()) {
      for (const row of lidos[i] ?? []) this.#postar(row, roteiro);
      this.#lidos[servico] = lidos[i]?.at(-1)?.posicao ?? this.#lidos[servico];
    }
    const eventos = this.#bancada.stripe.events();
    for (const { event } of eventos.slice(this.#webhooksLidos)) this.#avisar(event, doStripe);
    this.#webhooksLidos = eventos.length;
  }

  #avisar(evento: { readonly type: string }, roteiro: Roteiro): void {
    const levar = () => this.#bancada.webhook(evento);
    for (const passo of roteiro())
      this.#caminho.push({ rotulo: evento.type, falhas: 0, passo, naoAntesDe: 0, levar });
  }

  /** Carries one copy. An event that fails comes again after a while, and is given up as its consumer would. */
  async entregar(entrega: Entrega): Promise<void> {
    this.#caminho = this.#caminho.filter((outra) => outra !== entrega);
    try {
      await entrega.levar();
    } catch (error) {
      const espera = error instanceof PermanentError ? undefined : ESPERAS_MS[entrega.falhas];
      if (espera === undefined) this.mortas.push(`${entrega.rotulo}: ${error}`);
      else {
        const naoAntesDe = this.#bancada.clock.now().getTime() + espera;
        this.#caminho.push({ ...entrega, falhas: entrega.falhas + 1, naoAntesDe });
      }
    }
  }

  /** What was lost is sent again. */
  reenviarPerdidas(): void {
    for (const entrega of this.#caminho) if (entrega.passo === Number.POSITIVE_INFINITY) entrega.passo = 0;
  }

  #postar(row: OutboxRow, roteiro: Roteiro): void {
    const ouvintes = SERVICOS.flatMap((servico) => this.#bancada.partes[servico].consumers ?? []);
    for (const ouvinte of ouvintes) {
      const levar = this.#levarA(ouvinte, row);
      if (!levar) continue;
      const rotulo = `${row.assunto} v${row.versao} -> ${ouvinte.durable}`;
      for (const passo of roteiro()) this.#caminho.push({ rotulo, falhas: 0, passo, naoAntesDe: 0, levar });
    }
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
