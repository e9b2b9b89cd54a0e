import { answersOf } from '@plataforma/domain/answers-of';
import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { FalhaDeEnvioError } from '../../canais/domain/falha-de-envio.ts';
import { ComecarRemessas, type Parada } from './comecar-remessas.ts';
import { descartarRetidas } from './descartar-retidas.ts';
import { EntregarRemessa, type Entregue, type Inicio } from './entregar-remessa.ts';
import { Esteira } from './esteira.ts';
import type { Destino, Faixa } from './faixa.ts';
import type { NotificacaoTomada, Observador, Transacao } from './ports.ts';
import { emRemessas } from './remessas.ts';

interface Deps<D extends Destino> {
  readonly clock: Clock;
  readonly faixa: Faixa<D>;
  readonly observador: Observador;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
}

/** What a pass over the due messages found. */
export interface Passada {
  readonly tomadas: number;
  /** Why the provider could not be reached, if that is what kept every message of this pass. */
  readonly indisponivel: FalhaDeEnvioError | undefined;
}

/** Longer than any attempt may take: after it the process that took a message is believed to be dead. */
export const POSSE_MS = 120_000;

/** So many are leased at once: a look at what is due costs as much for one. They wait here for a place at the provider. */
export const LEVA = 100;
/** What has waited here for so long is given back: the lease must outlast what is begun. */
const ESPERA_MS = 10_000;
/** Marks that each way leaves to be made while it goes on: all of them together are what a crash may have sent twice. */
const MARCAS_POR_VIA = 4;

type Desfecho = Entregue | Parada;

/**
 * Hands due messages of one channel to its provider. A message is leased in one short transaction, {@link ComecarRemessas begun}
 * in another when its turn has come, sent without any, and marked in a last one. A mark that fails is made again while others go on. Dying
 * in between means that the message is sent again when its lease ends: at least once; e-mails with the same Message-ID, by which
 * a mailbox may tell the copies. SMTP offers nothing stronger.
 */
export class EnviarNotificacoesHandler<D extends Destino> {
  readonly #deps: Deps<D>;
  readonly #comeco: ComecarRemessas<D>;
  readonly #entrega: EntregarRemessa<D>;
  /** Leased, and not begun: they are given back, so that they need not wait for the end of the lease. */
  #sobras: NotificacaoTomada[] = [];
  #parado = false;

  constructor(deps: Deps<D>) {
    this.#deps = deps;
    this.#entrega = new EntregarRemessa(deps);
    this.#comeco = new ComecarRemessas({ ...deps, marcas: this.#entrega.marcas });
  }

  async execute(): Promise<Passada> {
    const { clock, faixa, uow } = this.#deps;
    await this.#entrega.marcas.tentarDeNovo();
    await this.#devolver();
    const agora = clock.now();
    const ate = new Date(agora.getTime() + POSSE_MS);
    const pedido = { canal: faixa.canal, limite: LEVA, agora, ate };
    const tomadas = await uow.run(({ saida }) => saida.tomar(pedido));
    if (tomadas.length === 0) await descartarRetidas(uow, agora);
    const desfechos = await this.#levarTodas(tomadas, agora.getTime() + ESPERA_MS);
    const falhas = desfechos.filter((desfecho) => desfecho instanceof FalhaDeEnvioError);
    const foraDoAr = falhas.filter(({ doCanal }) => doCanal);
    const parou = desfechos.length > 0 && foraDoAr.length === desfechos.length;
    return { tomadas: tomadas.length, indisponivel: parou ? foraDoAr[0] : undefined };
  }

  /** What is at the provider is ended, and nothing more of what is leased is begun. */
  parar(): void {
    this.#parado = true;
  }

  /**
   * As many at a time as the provider is given. None is sent any more once the provider is away, something could not be
   * noted, or they have waited too long: whatever is left is given back.
   */
  async #levarTodas(tomadas: readonly NotificacaoTomada[], fim: number): Promise<Desfecho[]> {
    const { clock, faixa } = this.#deps;
    const esteira = new Esteira(emRemessas(tomadas), {
      ...{ clock, lote: faixa.lote },
      comecar: (remessas) => this.#comeco.execute(remessas),
    });
    const desfechos: Desfecho[] = [];
    const erros: unknown[] = [];
    let foraDoAr = false;
    const seguem = () =>
      !this.#parado &&
      !foraDoAr &&
      erros.length === 0 &&
      !this.#entrega.marcas.cheia &&
      clock.now().getTime() < fim;
    const anotar = ({ emCurso }: Inicio) =>
      emCurso.then(
        (novos) => void desfechos.push(...novos),
        (erro: unknown) => void erros.push(erro),
      );
    const andar = async () => {
      const abertas: Promise<void>[] = [];
      while (seguem()) {
        const pronta = await esteira.proxima();
        if (pronta === undefined) break;
        if (!seguem()) {
          esteira.voltar(pronta);
          break;
        }
        const inicio = await this.#entrega.execute(pronta.remessa, pronta.destino);
        // An absent provider is not asked for each of them.
        foraDoAr ||= inicio.foraDoAr;
        abertas.push(anotar(inicio));
        if (abertas.length >= MARCAS_POR_VIA) await abertas.shift();
      }
      await Promise.all(abertas);
    };
    await emVias(faixa.lote, () => andar().catch((erro: unknown) => void erros.push(erro)));
    const { paradas, sobras } = await esteira.parar();
    this.#sobras.push(...sobras);
    if (erros.length > 0) throw erros[0];
    await this.#devolver();
    return [...paradas, ...desfechos];
  }

  /** Tried again at the next pass when the database is away. */
  async #devolver(): Promise<void> {
    if (this.#sobras.length === 0) return;
    const sobras = this.#sobras;
    await this.#deps.uow.run(({ saida }) => saida.devolver(sobras));
    this.#sobras = [];
  }
}

function emVias(vias: number, andar: () => Promise<void>): Promise<unknown> {
  return answersOf(Array.from({ length: vias }, andar));
}
