import { answersOf } from '@plataforma/domain/answers-of';
import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { FalhaDeEnvioError } from '../../canais/domain/falha-de-envio.ts';
import { ehDespedida } from '../../modelos/domain/aviso.ts';
import { quer } from '../../preferencias/domain/preferencias.ts';
import { type Cota, diaDe, diaSeguinte, trazCodigo } from '../domain/limite-diario.ts';
import { descartarRetidas } from './descartar-retidas.ts';
import { EntregarRemessa, type Entregue } from './entregar-remessa.ts';
import { esperarSilencio } from './esperar-silencio.ts';
import type { Destino, Faixa, Remessa } from './faixa.ts';
import { suprimir } from './notas-de-envio.ts';
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
export const LEVA = 50;
/** What has waited here for so long is given back: people may want else by now, and the lease must outlast what is begun. */
const ESPERA_MS = 10_000;
/** Marks that each way leaves to be made while it goes on: all of them together are what a crash may have sent twice. */
const MARCAS_POR_VIA = 4;

/** What the provider has heard of: it is noted while others go on. */
type EmCurso = Promise<readonly Desfecho[]>;

/** Whether the provider was away, and what becomes of the messages. */
interface Inicio {
  readonly foraDoAr: boolean;
  readonly emCurso: EmCurso;
}

type Desfecho = Entregue | 'SUPRIMIDA' | 'GUARDADA';

/**
 * Hands due messages of one channel to its provider. A message is leased in one short transaction, sent without any, and marked in a
 * second one. A mark that fails is made again while others go on. Dying in between means that the message is sent again
 * when its lease ends: at least once; e-mails with the same Message-ID, by which a mailbox may tell the
 * copies. SMTP offers nothing stronger.
 */
export class EnviarNotificacoesHandler<D extends Destino> {
  readonly #deps: Deps<D>;
  readonly #entrega: EntregarRemessa<D>;
  /** Leased, and not begun: they are given back, so that they need not wait for the end of the lease. */
  #sobras: NotificacaoTomada[] = [];
  #parado = false;

  constructor(deps: Deps<D>) {
    this.#deps = deps;
    this.#entrega = new EntregarRemessa(deps);
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
   * As many at a time as the provider is given. None is begun any more once the provider is away, something could not be
   * noted, or they have waited too long: whatever is left is given back.
   */
  async #levarTodas(tomadas: readonly NotificacaoTomada[], fim: number): Promise<Desfecho[]> {
    const remessas = emRemessas(tomadas);
    const desfechos: Desfecho[] = [];
    const erros: unknown[] = [];
    const seguem = () =>
      !this.#parado &&
      erros.length === 0 &&
      !this.#entrega.marcas.cheia &&
      this.#deps.clock.now().getTime() < fim;
    const concluir = (emCurso: EmCurso) =>
      emCurso.then(
        (novos) => void desfechos.push(...novos),
        (erro: unknown) => void erros.push(erro),
      );
    await emVias(this.#deps.faixa.lote, async () => {
      const abertas: Promise<void>[] = [];
      while (seguem()) {
        const remessa = remessas.shift();
        if (remessa === undefined) break;
        const inicio = await this.#tratar(remessa).catch((erro: unknown) => void erros.push(erro));
        if (inicio === undefined) break;
        // An absent provider is not asked for each of them.
        if (inicio.foraDoAr) this.#sobras.push(...remessas.splice(0).flat());
        abertas.push(concluir(inicio.emCurso));
        if (abertas.length >= MARCAS_POR_VIA) await abertas.shift();
      }
      await Promise.all(abertas);
    });
    this.#sobras.push(...remessas.flat());
    if (erros.length > 0) throw erros[0];
    await this.#devolver();
    return desfechos;
  }

  /** Tried again at the next pass when the database is away. */
  async #devolver(): Promise<void> {
    if (this.#sobras.length === 0) return;
    const sobras = this.#sobras;
    await this.#deps.uow.run(({ saida }) => saida.devolver(sobras));
    this.#sobras = [];
  }

  /** Messages that go as one, or one alone. What is not to be sent of them is left out. */
  async #tratar(remessa: readonly NotificacaoTomada[]): Promise<Inicio> {
    const antes: Desfecho[] = [];
    const vivas: NotificacaoTomada[] = [];
    for (const tomada of remessa) {
      const calada = await this.#calar(tomada);
      if (calada) antes.push(calada);
      else vivas.push(tomada);
    }
    const [primeira, ...outras] = vivas;
    if (primeira === undefined) return feito(antes);
    const { foraDoAr, emCurso } = await this.#levar([primeira, ...outras]);
    return { foraDoAr, emCurso: emCurso.then((depois) => [...antes, ...depois]) };
  }

  async #levar(remessa: Remessa): Promise<Inicio> {
    const { faixa } = this.#deps;
    const destino = await faixa.destino(remessa[0]);
    if (destino === undefined)
      return feito(await answersOf(remessa.map((tomada) => this.#suprimir(tomada, 'nowhere to go'))));
    const cota = faixa.cota(remessa, destino);
    if (cota !== undefined && !(await this.#cabeNoDia(cota, remessa))) return feito(['GUARDADA']);
    return this.#entrega.execute(remessa, destino);
  }

  /** Undefined for a message that is to be sent. */
  async #calar(tomada: NotificacaoTomada): Promise<Desfecho | undefined> {
    // Its mark is tried again by itself; its lease has ended meanwhile.
    if (this.#entrega.marcas.tem(tomada.id)) return 'ENVIADA';
    const { contato, validaAte } = tomada;
    if (contato === undefined && !ehDespedida(tomada)) return this.#suprimir(tomada, 'account removed');
    if (validaAte !== undefined && validaAte <= this.#deps.clock.now())
      return this.#suprimir(tomada, 'too late');
    if (tomada.devolve && !trazCodigo(tomada)) return this.#suprimir(tomada, 'address sends back');
    if (!quer(tomada.preferencias, tomada)) return this.#suprimir(tomada, 'not wanted');
    return (await esperarSilencio(this.#deps, tomada)) ? 'GUARDADA' : undefined;
  }

  /**
   * What a share has no room for today goes back, and is sent tomorrow; what is no news any more by then is given up, so
   * that its code is not kept till then. Together they are one.
   */
  #cabeNoDia(cota: Cota, todas: Remessa): Promise<boolean> {
    const agora = this.#deps.clock.now();
    const amanha = diaSeguinte(agora);
    const dia = diaDe(agora);
    return this.#deps.uow.run(async (tx) => {
      if (await tx.saida.contar(todas[0], cota, dia)) return true;
      for (const tomada of todas) {
        const tarde = tomada.validaAte !== undefined && tomada.validaAte <= amanha;
        if (tarde) await suprimir(tx, tomada, 'no room today', agora);
        else await tx.saida.guardarPara(tomada, amanha);
      }
      return false;
    });
  }

  async #suprimir(tomada: NotificacaoTomada, detalhe: string): Promise<'SUPRIMIDA'> {
    const em = this.#deps.clock.now();
    await this.#deps.uow.run((tx) => suprimir(tx, tomada, detalhe, em));
    return 'SUPRIMIDA';
  }
}

const feito = (desfechos: readonly Desfecho[]): Inicio => {
  return { foraDoAr: false, emCurso: Promise.resolve(desfechos) };
};

function emVias(vias: number, andar: () => Promise<void>): Promise<unknown> {
  return answersOf(Array.from({ length: vias }, andar));
}
