import { type Random, seededRandom } from '@plataforma/dev/stripe/seeded-random';
import { type Bancada, COMECO, SERVICOS } from './bancada.ts';
import type { Cenario, Desfecho, Palco } from './cenarios.ts';
import { conferir } from './conferencia.ts';
import { Correio, type Entrega, type Roteiro } from './correio.ts';
import { lerLivros } from './ler-livros.ts';
import { type Livros, NADA } from './livros.ts';

/** How a run ended. */
export interface Fim {
  /** What must be the same whatever the schedule. */
  readonly estado: unknown;
  /** What a quiet run has to come to. */
  readonly desfecho: Desfecho | undefined;
  /** What does not fit among the books, and events that were given up. */
  readonly problemas: readonly string[];
  /** What was done, in order, for whoever looks for the reason. */
  readonly passos: readonly string[];
}

/** Which work is done next. */
type Acao = { readonly rotulo: string; fazer(): Promise<unknown> };

const MAX_PASSOS = 1_500;
/** Until nothing that waits for a time can still be waiting: retries, leases, the next look at a refund or a dispute. */
const ESPERAS_S = [1, 2, 5, 10, 20, 30, 60, 120, 300, 700];
/** And what came of the last wait has to come to rest, too. */
const ESPERAS_DEPOIS_S = [1, 5, 30, 60, 1, 5, 30, 60];

/** Carries one booking after the other through the services, quietly or at random. */
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
  #surda: boolean;
  readonly #clienteId: string;
  readonly #trabalhos: readonly Acao[];
  /** What was done so far. */
  readonly passos: string[] = [];
  #reservaId = '';

  constructor(bancada: Bancada, correio: Correio, cenario: Cenario, { semente, surda, numero }: Opcoes) {
    this.#bancada = bancada;
    this.#correio = correio;
    this.#cenario = cenario;
    this.#acaso = semente === undefined ? undefined : seededRandom(semente);
    this.#surda = surda;
    this.#clienteId = `cli_${numero}`;
    this.#trabalhos = SERVICOS.flatMap((servico) =>
      (bancada.partes[servico].background ?? []).flatMap(({ name, turn }, i) => {
        const obra = bancada.partes[servico].background?.[i];
        return turn && obra ? [{ rotulo: `${servico}: ${name}`, fazer: async () => obra.turn?.() }] : [];
      }),
    );
  }

  async ateOFim(): Promise<Fim> {
    const { clock, stripe, webhooks } = this.#bancada;
    const acaso = this.#acaso;
    clock.set(COMECO);
    webhooks.aoChegar = () => acaso === undefined || acaso() < 0.5;
    stripe.clearFaults();
    stripe.set({ refunds: { mode: 'succeeded' } });
    await this.#cadastrar();
    const espacoId = await this.#bancada.novoEspaco();
    await this.#cenario.antes?.(this.#bancada, this.#clienteId);
    const ligada = acaso === undefined || acaso() < 0.5;
    const { emHoras, porOutro = false } = this.#cenario;
    const pedido = { espacoId, clienteId: this.#clienteId, emHoras, ligada, porOutro };
    this.#reservaId = await this.#bancada.reservar(pedido);
    this.#armarFalhas();
    for (const passo of this.#cenario.passos) await this.#atePoder(passo);
    await this.#descansar();
    const livros = await lerLivros(this.#bancada, [this.#reservaId]);
    return {
      estado: await this.#estado(livros),
      desfecho: desfechoDe(livros),
      problemas: [...conferir(livros), ...this.#correio.mortas],
      passos: this.passos,
    };
  }

  /** The customer has an account and an address. */
  async #cadastrar(): Promise<void> {
    const sql = `
      insert into contatos (usuario_id, nome, email, versao, atualizado_em, email_verificado)
      values ($1, 'Bia', $2, 1, now(), true)`;
    await this.#bancada.query('notificacoes', sql, [this.#clienteId, `${this.#clienteId}@exemplo.com`]);
    const conta = 'insert into contas (usuario_id, versao, ativa) values ($1, 1, true)';
    await this.#bancada.query('reservas', conta, [this.#clienteId]);
  }

  /** Now and then Stripe does not answer, or its answer is lost. Too seldom for the circuit breaker. */
  #armarFalhas(): void {
    const acaso = this.#acaso;
    if (!acaso || acaso() < 0.6) return;
    const escolher = <T>(itens: readonly T[]) => itens[Math.floor(acaso() * itens.length)] as T;
    this.#bancada.stripe.addFault({
      path: escolher([
        '/v1/checkout/sessions/*/expire',
        '/v1/checkout/sessions/*',
        '/v1/refunds',
        '/v1/refunds/*',
      ]),
      failure: escolher(['error', 'cut', 'rate_limit'] as const),
      when: escolher(['before', 'after'] as const),
      times: 1 + Math.floor(acaso() * 2),
    });
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
    if (prontas.length === 0 && n % 10 === 9) this.#correio.reenviarPerdidas();
    const quantas = this.#acaso() < 0.2 ? 3 : 1;
    const acoes = Array.from({ length: quantas }, () => this.#sortear(prontas));
    this.passos.push(acoes.map(({ rotulo }) => rotulo).join(' || '));
    await Promise.all(acoes.map((acao) => acao.fazer()));
  }

  #sortear(prontas: Entrega[]): Acao {
    const acaso = this.#acaso as Random;
    const sorte = acaso();
    const [entrega] = sorte < 0.6 ? prontas.splice(Math.floor(acaso() * prontas.length), 1) : [];
    if (entrega) return { rotulo: entrega.rotulo, fazer: () => this.#correio.entregar(entrega) };
    if (sorte > 0.9) return this.#esperar(Math.ceil(acaso() * 20));
    return this.#trabalhos[Math.floor(acaso() * this.#trabalhos.length)] as Acao;
  }

  #esperar(segundos: number): Acao {
    const fazer = async () => this.#bancada.clock.advance(segundos * 1_000);
    return { rotulo: `${segundos} s pass`, fazer };
  }

  async #tudoUmaVez(): Promise<void> {
    for (const entrega of this.#correio.caminho.filter(({ passo }) => passo === 0)) {
      this.passos.push(entrega.rotulo);
      await this.#correio.entregar(entrega);
    }
    for (const trabalho of this.#trabalhos) while (await trabalho.fazer());
    await this.#esperar(1).fazer();
  }

  /** Everything arrives, everybody finishes, and time passes until nobody waits for anything. */
  async #descansar(): Promise<void> {
    if (this.#surda) await this.#emSilencio();
    for (const segundos of [...ESPERAS_S, ...ESPERAS_DEPOIS_S]) {
      await this.#entregarTudo();
      await this.#esperar(segundos).fazer();
    }
    await this.#entregarTudo();
    await this.#correio.recolher(() => [0]);
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

  /** Whoever waits for a webhook asks Stripe instead. */
  async #emSilencio(): Promise<void> {
    for (const segundos of ESPERAS_S) {
      await this.#avancar(0);
      await this.#esperar(segundos).fazer();
    }
    this.#correio.reenviarPerdidas();
    this.#surda = false;
  }

  #recolher(): Promise<void> {
    const roteiro = this.#roteiro(this.passos.length);
    return this.#correio.recolher(roteiro, this.#surda ? () => [Number.POSITIVE_INFINITY] : roteiro);
  }

  #prontas(passo: number): Entrega[] {
    const agora = this.#bancada.clock.now().getTime();
    return this.#correio.caminho.filter((entrega) => entrega.passo <= passo && entrega.naoAntesDe <= agora);
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

  async #palco(): Promise<Palco> {
    const { query } = this.#bancada;
    const bancada = this.#bancada;
    const daReserva = [this.#reservaId];
    const [[reserva], [pagamento], [estorno]] = await Promise.all([
      query<{ status: string }>('reservas', 'select status from reservas where id = $1', daReserva),
      query<Palco['pagamento']>('pagamentos', PAGAMENTO, daReserva),
      query<NonNullable<Palco['estorno']>>('pagamentos', ESTORNO, daReserva),
    ]);
    const [reservaId, clienteId] = [this.#reservaId, this.#clienteId];
    const semPagamento = { id: '', status: '', sessaoId: null, intencaoId: null, valor: 0, creditos: 0 };
    return {
      ...{ bancada, reservaId, clienteId, estorno },
      reserva: reserva?.status ?? '',
      pagamento: pagamento ?? semPagamento,
    };
  }

  async #estado({ reservas }: Livros): Promise<unknown> {
    const { reserva, pagamento, estorno } = await this.#palco();
    const livro = reservas.map(({ stripe, pagamento: contas, emails, valor, reembolso }) => ({
      ...{ stripe, valor, reembolso },
      // Whoever cancels early enough is never sent to a checkout.
      contas: { ...contas, id: undefined, checkouts: undefined },
      emails: emails.filter((modelo) => !PODEM_FALTAR.includes(modelo)).sort(),
    }));
    const fatos = await this.#bancada.query('pagamentos', FATOS, [pagamento.id, MARCOS]);
    const historico = await this.#bancada.query('reservas', HISTORICO, [this.#reservaId, MARCOS]);
    return {
      reserva,
      pagamento: pagamento.status,
      estorno: estorno?.situacao,
      livro,
      fatos,
      historico,
    };
  }
}

function desfechoDe({ reservas: [livro] }: Livros): Desfecho | undefined {
  if (livro === undefined) return undefined;
  const { status: reserva, pagamento, emails } = livro;
  const { cartao = NADA, creditos = NADA } = pagamento ?? {};
  return { reserva, cartao, creditos, emails: [...emails].sort() };
}

/** What a customer need not be told when the next news is quicker. */
const PODEM_FALTAR = ['PAGAMENTO_RECUSADO', 'RESERVA_CONFIRMADA', 'LEMBRETE_RESERVA', 'VAGA_OFERECIDA'];

/** What happens exactly as often as in the quiet run. Questions and answers about them may be repeated. */
const MARCOS = [
  ...['PagamentoAprovado', 'EstornoSolicitado', 'EstornoConcluido', 'EstornoFalhou'],
  ...['ReservaCriada', 'ReservaConfirmada', 'ReservaCancelada', 'ReservaExpirada', 'PagamentoNaoAproveitado'],
];

const PAGAMENTO = `
  select id, status, sessao_id as "sessaoId", intencao_id as "intencaoId", centavos::int as valor,
    creditos::int as creditos
  from pagamentos where reserva_id = $1`;
const ESTORNO = `
  select e.situacao, e.refund_id as "refundId" from estornos e join pagamentos p on p.id = e.pagamento_id
  where p.reserva_id = $1 order by e.numero desc limit 1`;
const FATOS = `
  select tipo, count(*)::int as vezes from eventos_pagamento where fluxo = $1 and tipo = any ($2)
  group by tipo order by tipo`;
const HISTORICO = `
  select evento, count(*)::int as vezes from reservas_historico where reserva_id = $1 and evento = any ($2)
  group by evento order by evento`;
