import { createHash } from 'node:crypto';
import { Result } from '@plataforma/domain/result';
import { type Alcance, postarFora } from '../../../rede/infrastructure/fora.ts';
import { esperaPedida, type Resposta } from '../../../rede/infrastructure/requisicao.ts';
import type { Carteiro, Entrega } from '../../application/carteiro.ts';
import { FalhaDeEnvioError, type TipoFalha } from '../../domain/falha-de-envio.ts';
import { type AparelhoWebPush, type PushPara, textosDe, ttlDe } from '../../domain/push.ts';
import { cifrar } from './aes128gcm.ts';
import { lerEndpoint, servicoDe } from './endpoint.ts';
import { AssinaturasVapid, type ChaveVapid } from './vapid.ts';

interface Options extends Alcance {
  readonly chave: ChaveVapid;
  readonly contato: string;
  /** Push services: names, or `*.` and a name for all below it. */
  readonly hosts: readonly string[];
  readonly timeoutMs?: number;
  readonly agora?: () => Date;
}

type Mensagem = PushPara<AparelhoWebPush>;

/** Where a subscription is kept. */
interface Origem {
  readonly origin: string;
  /** As the configuration names it. */
  readonly servico: string;
}

const TIMEOUT_MS = 10_000;

/**
 * Messages to browsers over their push services (RFC 8030), encrypted for the browser (RFC 8291) and signed by us (RFC 8292). The
 * address is what a caller has named: it is read and judged at every attempt. One that comes twice waits once at the push service,
 * by its `topic`.
 */
export class WebPushCarteiro implements Carteiro<Mensagem> {
  readonly #options: Options;
  readonly #assinaturas: AssinaturasVapid;
  /** Origins that have taken what we have signed. Any other one is what a caller says it is. */
  readonly #conhecidas = new Set<string>();
  /** Push services, one of whose origins has: what another one refuses is about the subscription. */
  readonly #servicos = new Set<string>();

  constructor(options: Options) {
    this.#options = options;
    this.#assinaturas = new AssinaturasVapid(options.chave, options.contato);
  }

  async enviar(mensagem: Mensagem): Promise<Entrega> {
    const { hosts, permiteLocal, chave, agora = () => new Date() } = this.#options;
    const { aparelho } = mensagem;
    const endpoint = lerEndpoint(aparelho.endpoint, { hosts, permiteLocal });
    if (endpoint.isFailure) return perdido('Web Push address not allowed');
    if (aparelho.chavePublica !== chave.publica) return perdido('Web Push subscription of another key');
    const { origin, hostname } = endpoint.value;
    const origem = { origin, servico: servicoDe(hostname, hosts) };
    try {
      const resposta = await this.#pedir(mensagem, origin, agora());
      return this.#entrega(resposta, origem, agora());
    } catch (error) {
      const falha = new FalhaDeEnvioError(this.#semResposta(origin), `Web Push ${codeOf(error)}`);
      falha.cause = error;
      return Result.fail(falha);
    }
  }

  async #pedir(mensagem: Mensagem, origem: string, agora: Date): Promise<Resposta> {
    const { timeoutMs = TIMEOUT_MS } = this.#options;
    const { endpoint: url, p256dh, auth } = mensagem.aparelho;
    const chaves = { p256dh: Buffer.from(p256dh, 'base64url'), auth: Buffer.from(auth, 'base64url') };
    const cabecalhos = {
      authorization: await this.#assinaturas.autorizacao(origem, agora),
      'content-encoding': 'aes128gcm',
      'content-type': 'application/octet-stream',
      ttl: `${ttlDe(mensagem, agora)}`,
      urgency: mensagem.urgente ? 'high' : 'normal',
      topic: topicoDe(mensagem.id),
    };
    const corpo = cifrar(Buffer.from(JSON.stringify(claroDe(mensagem))), chaves);
    return postarFora(this.#options, { url, cabecalhos, corpo, prazo: AbortSignal.timeout(timeoutMs) });
  }

  #entrega({ status, retryAfter }: Resposta, { origin, servico }: Origem, agora: Date): Entrega {
    const texto = `Web Push HTTP ${status}`;
    if (status >= 200 && status < 300) {
      this.#conhecidas.add(origin);
      this.#servicos.add(servico);
      return Result.ok({ provedor: 'web-push' });
    }
    if (status === 404 || status === 410) return perdido(texto);
    if (status === 400 || status === 413) return falhou('PERMANENTE', texto);
    if (status === 401 || status === 403)
      return this.#servicos.has(servico) ? perdido(texto) : falhou('CREDENCIAIS', texto);
    return falhou(this.#semResposta(origin), texto, esperaPedida(retryAfter, agora));
  }

  /**
   * An origin that has never taken anything may be a name that a caller has thought of: that it is away says nothing of the channel,
   * which one person could else have paused for all, for as long as a message waits.
   */
  #semResposta(origin: string): TipoFalha {
    return this.#conhecidas.has(origin) ? 'INDISPONIVEL' : 'TEMPORARIA';
  }
}

/** What the service worker of the web site gets. */
function claroDe(mensagem: Mensagem) {
  return { id: mensagem.id, ...textosDe(mensagem) };
}

/** At most 32 characters of base64url, and whole bytes of it: some push services decode it. */
const topicoDe = (id: string) => createHash('sha256').update(id).digest('base64url').slice(0, 32);

const falhou = (...falha: ConstructorParameters<typeof FalhaDeEnvioError>): Entrega =>
  Result.fail(new FalhaDeEnvioError(...falha));

const perdido = (texto: string): Entrega => falhou('PERMANENTE', texto, 0, 'INEXISTENTE');

/** Codes and names only: addresses of devices are secrets. */
function codeOf(error: unknown): string {
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown };
  const text = typeof code === 'string' ? code : name;
  return typeof text === 'string' && /^\w{1,40}$/.test(text) ? text : 'no answer';
}
