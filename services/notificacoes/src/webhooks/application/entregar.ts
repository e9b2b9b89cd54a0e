import type { Clock } from '@plataforma/domain/clock';
import { Together } from '@plataforma/domain/together';
import { aceita, depoisDaFalha } from '../domain/politica-de-entrega.ts';
import type { AnotarFalhaHandler } from './anotar-falha.ts';
import type {
  EntregaDevida,
  Entregue,
  FilaDeEntregas,
  Mensageiro,
  ObservadorDeWebhooks,
  Tentativa,
  WebhookTomado,
} from './ports.ts';
import { Vez } from './vez.ts';

interface Deps {
  readonly clock: Clock;
  readonly fila: FilaDeEntregas;
  readonly anotarFalha: Pick<AnotarFalhaHandler, 'execute'>;
  readonly mensageiro: Mensageiro;
  readonly observador: ObservadorDeWebhooks;
  /** Between 0 and 1. */
  readonly sorte: () => number;
  /** Default: one of its own. */
  readonly vez?: Vez;
}

/** Longer than a turn of {@link TURNO_MS} and its last requests. */
const POSSE_MS = 120_000;
/** After so long an address makes room for the next one. */
const TURNO_MS = 30_000;
const LOTE = 20;
/** Requests to one address at a time. */
const JUNTAS = 2;

/**
 * Sends what is due. Addresses for which something was written are told of ({@link avisar}); the others are found by a look at
 * all, now and then. Each address is worked on by itself, so that one that hangs keeps no other waiting: there are places for
 * many, and an address that fails is left alone for a while. `work` only hands addresses to free places.
 */
export class EntregarHandler {
  readonly #deps: Deps;
  readonly #lugares: number;
  readonly #ocupados = new Set<Promise<void>>();
  readonly #emCurso = new Set<string>();
  readonly #vez: Vez;
  readonly #entregues: Together<Entregue>;
  readonly #soltas: Together<WebhookTomado>;
  #livrou: () => void = () => undefined;
  #parado = false;

  constructor(deps: Deps, lugares: number) {
    this.#deps = deps;
    this.#lugares = lugares;
    this.#vez = deps.vez ?? new Vez();
    this.#entregues = new Together((entregues) => deps.fila.marcarEntregues(entregues));
    this.#soltas = new Together((webhooks) => this.#soltar(webhooks));
  }

  /** Something may be due for these addresses. */
  avisar(ids: Iterable<string>): void {
    this.#vez.avisar(ids);
  }

  /** Is called when a place has become free and there may be more to do. */
  aoLivrar(livrou: () => void): void {
    this.#livrou = livrou;
  }

  /** Answers how many addresses were taken. */
  async work(limite: number): Promise<number> {
    const livres = Math.min(limite, this.#lugares - this.#ocupados.size);
    if (livres <= 0 || this.#parado) return 0;
    const { fila, clock } = this.#deps;
    const quais = this.#vez.proximos(livres, this.#emCurso);
    if (quais.length === 0) return 0;
    const agora = clock.now();
    const ate = new Date(agora.getTime() + POSSE_MS);
    const tomados = await fila.tomar(livres, agora, ate, quais === 'TODOS' ? undefined : quais);
    if (quais === 'TODOS') this.#vez.olhouTodos(tomados.length === livres);
    if (tomados.length === 0) return 0;
    const devidas = await fila.devidas(tomados, agora, LOTE);
    for (const webhook of tomados) this.#ocupar(webhook, devidas.get(webhook.id) ?? []);
    return tomados.length;
  }

  /** Ends the requests that are under way and begins no more. */
  async parar(): Promise<void> {
    this.#parado = true;
    await Promise.all(this.#ocupados);
  }

  #ocupar(webhook: WebhookTomado, devidas: readonly EntregaDevida[]): void {
    const lugar = this.#atender(webhook, devidas)
      .catch((causa: unknown) => this.#deps.observador.quebrou(webhook.id, causa))
      .finally(() => {
        this.#ocupados.delete(lugar);
        this.#emCurso.delete(webhook.id);
        if (this.#vez.tem) this.#livrou();
      });
    this.#ocupados.add(lugar);
    this.#emCurso.add(webhook.id);
  }

  async #atender(webhook: WebhookTomado, primeiras: readonly EntregaDevida[]): Promise<void> {
    const { fila, clock } = this.#deps;
    const fim = clock.now().getTime() + TURNO_MS;
    for (let devidas = [...primeiras]; ; ) {
      const lote = devidas.length;
      const vias = Array.from({ length: JUNTAS }, () => this.#esvaziar(webhook, devidas, fim));
      const segue = (await Promise.all(vias)).every((bem) => bem);
      // What comes meanwhile, or was behind one of these, is found when the address is given back: that is no look of its own.
      if (lote < LOTE || !segue || this.#parado || clock.now().getTime() >= fim) break;
      devidas = (await fila.devidas([webhook], clock.now(), LOTE)).get(webhook.id) ?? [];
    }
    await this.#soltas.add(webhook);
  }

  async #soltar(webhooks: readonly WebhookTomado[]): Promise<void> {
    const { fila, clock } = this.#deps;
    this.#vez.avisar(await fila.soltar(webhooks, clock.now()));
  }

  /** One request after the other; false when the address is to be left alone. */
  async #esvaziar(webhook: WebhookTomado, devidas: EntregaDevida[], fim: number): Promise<boolean> {
    for (let entrega = devidas.shift(); entrega; entrega = devidas.shift()) {
      if (this.#parado || this.#deps.clock.now().getTime() >= fim) return false;
      const tentativa = await this.#deps.mensageiro.enviar(webhook, entrega);
      if (await this.#anotar(webhook, entrega, tentativa)) continue;
      devidas.length = 0;
      return false;
    }
    return true;
  }

  /** Whether more may be sent at once. */
  async #anotar(webhook: WebhookTomado, entrega: EntregaDevida, tentativa: Tentativa): Promise<boolean> {
    const { anotarFalha, observador, clock, sorte } = this.#deps;
    const { resultado, duracaoMs } = tentativa;
    if (aceita(resultado)) {
      await this.#entregues.add({ webhook, entrega, tentativa });
      observador.tentativa('entregue', duracaoMs);
      return true;
    }
    const consequencia = depoisDaFalha(resultado, { ...webhook, ...entrega }, clock.now(), sorte());
    const desativou = await anotarFalha.execute(webhook, entrega, tentativa, consequencia);
    observador.tentativa(consequencia.repetirEm ? 'falhou' : 'desistiu', duracaoMs);
    if (desativou && consequencia.desativar) observador.desativado(webhook.id, consequencia.desativar);
    return !consequencia.pausarAte && !consequencia.desativar;
  }
}
