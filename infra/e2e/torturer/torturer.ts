import { type Random, seededRandom } from '@plataforma/dev/stripe/switches/seeded-random';
import type { Background } from '@plataforma/runtime/service';
import { conferir } from '../livros/conferencia.ts';
import { lerLivros } from '../livros/ler-livros.ts';
import { Atingidos } from './atingidos.ts';
import { COMECO } from './atos.ts';
import { type Bancada, SERVICOS } from './bancada.ts';
import type { Cenario, FimDoCenario } from './cenarios/cenario.ts';
import { Correio, type Entrega, type Roteiro } from './correio.ts';
import { estadoFinal, fimDe } from './estado-final.ts';
import { armarFalhas, contarFalhas } from './falhas.ts';
import { type Elenco, novoElenco, olhar, type Palco } from './palco.ts';

/** How a run ended. */
export interface Fim {
  /** What must be the same whatever the schedule. */
  readonly estado: unknown;
  /** What a quiet run has to come to. */
  readonly fim: FimDoCenario;
  /** What does not fit among the books, and events that were given up. */
  readonly problemas: readonly string[];
  /** What was done, in order, for the reader who looks for the reason. */
  readonly passos: readonly string[];
  /** What was out of the ordinary, and how often. */
  readonly atingidos: Atingidos;
}

/** Which work is done next. */
type Acao = { readonly rotulo: string; fazer(): Promise<unknown> };

const MAX_PASSOS = 1_500;
/** Until nothing that waits for a time can still be waiting: retries, leases, the next look at a refund or a dispute. */
const ESPERAS_S = [1, 2, 5, 10, 20, 30, 60, 120, 300, 700];
/** And what came of the last wait has to come to rest, too. */
const ESPERAS_DEPOIS_S = [1, 5, 30, 60, 1, 5, 30, 60];
/** In the end events are held back for so many of these waits: newer ones may still come of them. */
const RETIDAS_ATE = 4;
/** One seed of so many has events come newest first: in each scenario another, so that any one seed has it in some. */
const INVERTE_A_CADA = 3;

/** Carries one scenario after the other through the services, quietly or at random. */
export class Torturador {
  readonly #bancada: Bancada;
  readonly #correio: Correio;
  #corridas = 0;

  constructor(bancada: Bancada) {
    this.#bancada = bancada;
    this.#correio = new Correio(bancada);
  }

  /**
   * @param semente undefined: every message once, in order, at once.
   * @param surda no webhook comes before all else is over: what Stripe did has to be found out by asking.
   */
  async correr(cenario: Cenario, semente: number | undefined, { surda = false } = {}): Promise<Fim> {
    const opcoes = { semente, surda, numero: ++this.#corridas };
    const corrida = new Corrida(this.#bancada, this.#correio, cenario, opcoes);
    await this.#correio.esquecer();
    try {
      return await corrida.ateOFim();
    } catch (cause) {
      const passos = corrida.passos.join('\n');
      throw new Error(`"${cenario.nome}", seed ${semente}: ${cause}\nStep by step:\n${passos}`, { cause });
    }
  }
}

interface Opcoes {
  readonly semente: number | undefined;
  readonly surda: boolean;
  readonly numero: number;
}

class Corrida {
  readonly #bancada: Bancada;
  readonly #correio: Correio;
  readonly #cenario: Cenario;
  readonly #acaso: Random | undefined;
  readonly #elenco: Elenco;
  readonly #trabalhos: readonly Acao[];
  readonly #atingidos = new Atingidos();
  readonly #inverte: boolean;
  /** Of which aggregates a consumer gets the events newest first. */
  readonly #invertidos = new Map<string, boolean>();
  #surda: boolean;
  #espacoId = '';
  /** What was done so far. */
  readonly passos: string[] = [];

  constructor(bancada: Bancada, correio: Correio, cenario: Cenario, { semente, surda, numero }: Opcoes) {
    this.#bancada = bancada;
    this.#correio = correio;
    this.#cenario = cenario;
    this.#acaso = semente === undefined ? undefined : seededRandom(semente ^ resumo(cenario.nome));
    this.#surda = surda;
    this.#inverte = semente !== undefined && (semente + cenario.nome.length) % INVERTE_A_CADA === 0;
    this.#elenco = novoElenco(numero);
    this.#trabalhos = SERVICOS.flatMap((servico) =>
      (bancada.partes[servico].background ?? []).flatMap((obra) => {
        const rotulo = `${servico}: ${obra.name}`;
        // What is over is deleted by the clock of the database.
        const turna = obra.turn && obra.name !== 'purge';
        return turna ? [{ rotulo, fazer: () => this.#trabalhar(rotulo, obra) }] : [];
      }),
    );
  }

  async ateOFim(): Promise<Fim> {
    const { clock, stripe, webhooks } = this.#bancada;
    const acaso = this.#acaso;
    clock.set(COMECO);
    webhooks.aoChegar = () => acaso === undefined || acaso() < 0.5;
    webhooks.aoTratar = () => this.#atingidos.conte('webhook: dealt with as it came');
    stripe.clearFaults();
    stripe.set({ refunds: { mode: 'succeeded' } });
    await Promise.all(Object.values(this.#elenco).map((clienteId) => this.#bancada.cadastrar(clienteId)));
    this.#espacoId = await this.#bancada.novoEspaco();
    const { antes, emHoras, como, passos } = this.#cenario;
    const clienteId = this.#elenco.ana;
    await antes?.(this.#bancada, this.#elenco);
    const armadas = armarFalhas(stripe, acaso);
    const ligada = acaso === undefined || acaso() < 0.5;
    await this.#bancada.reservar({ espacoId: this.#espacoId, clienteId, emHoras }, { ...como, ligada });
    for (const passo of passos) await this.#atePoder(passo);
    await this.#descansar();
    contarFalhas(stripe, armadas, this.#atingidos);
    return this.#relatar();
  }

  async #relatar(): Promise<Fim> {
    const palco = await this.#palco();
    const livros = await lerLivros(
      this.#bancada,
      palco.cenas.map(({ reservaId }) => reservaId),
    );
    return {
      estado: await estadoFinal(this.#bancada, palco, livros),
      fim: fimDe(palco, livros),
      problemas: [...conferir(livros), ...this.#correio.mortas],
      passos: this.passos,
      atingidos: this.#atingidos,
    };
  }

  #palco(): Promise<Palco> {
    return olhar(this.#bancada, { espacoId: this.#espacoId, elenco: this.#elenco });
  }

  async #atePoder(passo: Cenario['passos'][number]): Promise<void> {
    for (let n = 0; n < MAX_PASSOS; n++) {
      const palco = await this.#palco();
      if (passo.quando(palco)) {
        this.passos.push('--- the scenario goes on');
        await passo.fazer(palco);
        return;
      }
      await this.#avancar(n);
    }
    throw new Error(`the scenario does not go on after ${MAX_PASSOS} steps`);
  }

  /** One step: quietly the next thing that there is to do, else anything that could happen now. */
  async #avancar(n: number): Promise<void> {
    const agora = this.passos.length;
    await this.#recolher();
    if (!this.#acaso) return this.#tudoUmaVez();
    const prontas = this.#prontas(agora);
    if (prontas.length === 0 && n % 10 === 9) this.#animar();
    const quantas = this.#acaso() < 0.2 ? 3 : 1;
    const acoes = Array.from({ length: quantas }, () => this.#sortear(prontas));
    this.passos.push(acoes.map(({ rotulo }) => rotulo).join(' || '));
    if (new Set(acoes.map(({ rotulo }) => rotulo)).size > 1) this.#atingidos.conte('steps: side by side');
    await Promise.all(acoes.map((acao) => acao.fazer()));
  }

  /** Nothing is to come soon: what was lost is sent again, and what was held back comes when nothing else will. */
  #animar(): void {
    if (this.#correio.caminho.every(({ retida }) => retida)) this.#correio.soltarMaisNovas();
    else this.#correio.reenviarPerdidas();
  }

  async #trabalhar(rotulo: string, obra: Pick<Background, 'turn'>): Promise<boolean> {
    const fez = (await obra.turn?.()) ?? false;
    const amid = this.#acaso && this.#correio.caminho.length > 0;
    if (fez && amid) this.#atingidos.conte(`worker amid messages: ${rotulo}`);
    return fez;
  }

  #sortear(prontas: Entrega[]): Acao {
    const acaso = this.#acaso as Random;
    const sorte = acaso();
    const [entrega] = sorte < 0.6 ? prontas.splice(Math.floor(acaso() * prontas.length), 1) : [];
    if (entrega) return { rotulo: entrega.rotulo, fazer: () => this.#entregar(entrega) };
    if (sorte > 0.9) return this.#esperar(Math.ceil(acaso() * 20));
    return this.#trabalhos[Math.floor(acaso() * this.#trabalhos.length)] as Acao;
  }

  #entregar(entrega: Entrega): Promise<void> {
    return this.#correio.entregar(entrega, this.passos.length, this.#atingidos);
  }

  #esperar(segundos: number): Acao {
    const fazer = async () => this.#bancada.clock.advance(segundos * 1_000);
    return { rotulo: `${segundos} s pass`, fazer };
  }

  async #tudoUmaVez(): Promise<void> {
    for (const entrega of this.#correio.caminho.filter(({ passo }) => passo === 0)) {
      this.passos.push(entrega.rotulo);
      await this.#entregar(entrega);
    }
    for (const trabalho of this.#trabalhos) while (await trabalho.fazer());
    await this.#esperar(1).fazer();
  }

  /** Everything arrives, every customer finishes, and time passes until none waits for anything. */
  async #descansar(): Promise<void> {
    if (this.#surda) await this.#emSilencio();
    for (const [vez, segundos] of [...ESPERAS_S, ...ESPERAS_DEPOIS_S].entries()) {
      await this.#entregarTudo();
      if (vez >= RETIDAS_ATE) await this.#entregarRetidas();
      await this.#esperar(segundos).fazer();
    }
    await this.#entregarTudo();
    await this.#entregarRetidas();
    if (this.#inverte) await this.#correio.tudoDeNovo();
    await this.#correio.recolher(this.passos.length, () => [0]);
    if (this.#correio.caminho.length > 0) this.#correio.mortas.push('there was always something more to say');
  }

  async #entregarTudo(): Promise<void> {
    for (let n = 0; n < MAX_PASSOS; n++) {
      await this.#recolher();
      if (this.#prontas(Number.POSITIVE_INFINITY).length === 0) break;
      await this.#avancar(n);
    }
    for (const trabalho of this.#trabalhos) while (await trabalho.fazer());
  }

  async #entregarRetidas(): Promise<void> {
    while (this.#correio.soltarMaisNovas()) await this.#entregarTudo();
  }

  /** The worker that waits for a webhook asks Stripe instead. */
  async #emSilencio(): Promise<void> {
    for (const segundos of ESPERAS_S) {
      await this.#avancar(0);
      await this.#esperar(segundos).fazer();
    }
    this.#correio.reenviarPerdidas();
    this.#surda = false;
  }

  #recolher(): Promise<void> {
    const agora = this.passos.length;
    const roteiro = this.#roteiro(agora);
    const doStripe = this.#surda ? () => [Number.POSITIVE_INFINITY] : roteiro;
    return this.#correio.recolher(agora, roteiro, doStripe, (chave) => this.#deTras(chave));
  }

  #prontas(passo: number): Entrega[] {
    const agora = this.#bancada.clock.now().getTime();
    return this.#correio.caminho.filter(
      (entrega) => !entrega.retida && entrega.passo <= passo && entrega.naoAntesDe <= agora,
    );
  }

  /** Decided once for what a consumer hears of an aggregate: of most, in the schedules that do it. */
  #deTras(chave: string): boolean {
    const acaso = this.#acaso;
    const decidido = this.#invertidos.get(chave) ?? (acaso !== undefined && this.#inverte && acaso() < 0.7);
    this.#invertidos.set(chave, decidido);
    return decidido;
  }

  /** One to three copies of each message; some soon, some late, some lost until they are sent again. */
  #roteiro(agora: number): Roteiro {
    const acaso = this.#acaso;
    if (!acaso) return () => [0];
    const chegada = () => {
      const sorte = acaso();
      if (sorte < 0.12) return Number.POSITIVE_INFINITY;
      return agora + Math.floor(acaso() * (sorte < 0.3 ? 60 : 12));
    };
    return () => Array.from({ length: 1 + Math.floor(acaso() * 3) }, chegada);
  }
}

/** The same seed is another schedule in each scenario, or all of them would begin alike. */
function resumo(nome: string): number {
  return [...nome].reduce((soma, letra) => (Math.imul(soma, 31) + letra.charCodeAt(0)) | 0, 0);
}
