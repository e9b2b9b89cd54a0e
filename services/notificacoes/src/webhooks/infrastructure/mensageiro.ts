import type { Clock } from '@plataforma/domain/clock';
import type { EntregaDevida, Mensageiro, Tentativa, WebhookTomado } from '../application/ports.ts';
import type { Resultado } from '../domain/politica-de-entrega.ts';
import type { ChavesDeAssinatura } from './chaves.ts';
import { type Destino, lerDestino } from './destino.ts';
import { ehLoopback, ehPublico } from './enderecos-publicos.ts';
import { postar, type Resposta } from './requisicao.ts';
import type { Resolvedor } from './resolvedor.ts';

interface Deps {
  readonly clock: Clock;
  readonly chaves: Pick<ChavesDeAssinatura, 'assinar'>;
  readonly resolvedor: Resolvedor;
  /** Whether this machine may be a receiver: for development. */
  readonly permiteLocal: boolean;
  readonly ca?: string;
  /** For the whole of it: name, connection, headers and body. Default 10 s. */
  readonly prazoMs?: number;
}

const PRAZO_MS = 10_000;

/** Sends signed requests to what receivers named, and to nothing inside: the address is looked up and judged anew each time. */
export class MensageiroHttp implements Mensageiro {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async enviar(webhook: WebhookTomado, entrega: EntregaDevida): Promise<Tentativa> {
    const em = this.#deps.clock.now();
    const inicio = performance.now();
    const visto = (resultado: Resultado, erro: string, resposta: string): Tentativa => {
      return { resultado, em, duracaoMs: Math.round(performance.now() - inicio), erro, resposta };
    };
    try {
      const resposta = await this.#pedir(webhook, entrega, em);
      return visto(respondida(resposta, em), '', resposta.trecho);
    } catch (error) {
      return visto({ tipo: 'INACESSIVEL' }, porque(error), '');
    }
  }

  async #pedir(webhook: WebhookTomado, { eventoId, corpo }: EntregaDevida, em: Date): Promise<Resposta> {
    const { chaves, ca, prazoMs = PRAZO_MS } = this.#deps;
    const prazo = AbortSignal.timeout(prazoMs);
    const { url, enderecos } = await antesDo(prazo, this.#encontrar(webhook.url));
    const timestamp = Math.floor(em.getTime() / 1_000);
    const assinatura = chaves.assinar(webhook, { id: eventoId, timestamp, corpo });
    const cabecalhos = {
      'content-type': 'application/json',
      'accept-encoding': 'identity',
      'user-agent': 'Plataforma-Reservas-Webhooks/1',
      'webhook-id': eventoId,
      'webhook-timestamp': `${timestamp}`,
      'webhook-signature': assinatura,
    };
    return postar({ url, enderecos, cabecalhos, corpo, prazo, ...(ca !== undefined && { ca }) });
  }

  /** @throws Error unless every address that the name stands for may be connected to. */
  async #encontrar(texto: string): Promise<{ url: URL; enderecos: readonly string[] }> {
    const destino = lerDestino(texto, this.#deps.permiteLocal);
    if (destino.isFailure) throw destino.error;
    const enderecos = await this.#enderecos(destino.value);
    const serve = destino.value.local ? ehLoopback : ehPublico;
    const outro = enderecos.find((endereco) => !serve(endereco));
    if (outro !== undefined) throw new Error(`not a public address: ${outro}`);
    return { url: destino.value.url, enderecos };
  }

  async #enderecos({ host, local }: Destino): Promise<readonly string[]> {
    if (local) return [host === 'localhost' ? '127.0.0.1' : host];
    return /^[\d.]+$|:/.test(host) ? [host] : this.#deps.resolvedor.enderecos(host);
  }
}

function respondida({ status, retryAfter }: Resposta, em: Date): Resultado {
  return { tipo: 'RESPONDIDA', status, esperarMs: esperaPedida(retryAfter, em) };
}

/** Seconds or a date (RFC 9110, 10.2.3). */
function esperaPedida(texto: string | undefined, em: Date): number | undefined {
  if (texto === undefined) return undefined;
  const ms = /^\d{1,9}$/.test(texto) ? Number(texto) * 1_000 : Date.parse(texto) - em.getTime();
  return Number.isNaN(ms) ? undefined : Math.max(ms, 0);
}

/** Rejects when the time is over, whatever becomes of the work. */
function antesDo<T>(prazo: AbortSignal, trabalho: Promise<T>): Promise<T> {
  const fim = new Promise<never>((_, reject) => {
    prazo.addEventListener('abort', () => reject(prazo.reason), { once: true });
  });
  return Promise.race([trabalho, fim]);
}

/** Whatever was thrown: errors of Node are not those of every realm. */
function porque(error: unknown): string {
  const { name, code, message, cause } = error as Partial<NodeJS.ErrnoException>;
  if (name === 'TimeoutError' || name === 'AbortError') return 'no answer in time';
  const porBaixo = (cause as Partial<Error> | undefined)?.message;
  return [code, message ?? String(error), porBaixo].filter((texto) => texto !== undefined).join(': ');
}
