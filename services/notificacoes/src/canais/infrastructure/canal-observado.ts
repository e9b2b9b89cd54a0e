import type { Logger } from '@plataforma/runtime/logger';
import type { Metrics } from '@plataforma/runtime/metrics';
import { Gauge } from 'prom-client';
import type { Carteiro, Entrega } from '../application/carteiro.ts';
import type { FalhaDeEnvioError } from '../domain/falha-de-envio.ts';
import type { Canal } from '../domain/mensagem.ts';

interface Options {
  readonly canal: Canal;
  /** What carries the messages, as the configuration names it. */
  readonly provedor: string;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'registry'>;
}

/**
 * Says of a provider whether it refuses us: a channel that is stopped until somebody changes a key is no outage that ends by
 * itself. Once in the log when it begins and once when it ends, however many messages are tried meanwhile.
 */
export class CanalObservado<M> implements Carteiro<M> {
  readonly #carteiro: Carteiro<M>;
  readonly #de: Readonly<Record<'canal' | 'provedor', string>>;
  readonly #logger: Logger;
  readonly #parado: Gauge<'canal' | 'provedor'>;
  #recusado = false;

  constructor(carteiro: Carteiro<M>, { canal, provedor, logger, metrics }: Options) {
    this.#carteiro = carteiro;
    this.#de = { canal, provedor };
    this.#logger = logger;
    this.#parado = gaugeIn(metrics);
    this.#marcar(false);
  }

  async enviar(mensagem: M): Promise<Entrega> {
    const resultado = await this.#carteiro.enviar(mensagem);
    const falha = resultado.isFailure ? resultado.error : undefined;
    // A provider that is away says nothing about what it thinks of us.
    if (falha?.tipo !== 'INDISPONIVEL' && falha?.tipo !== 'INCERTA') this.#notar(falha);
    return resultado;
  }

  #notar(falha: FalhaDeEnvioError | undefined): void {
    const recusado = falha?.tipo === 'CREDENCIAIS';
    if (recusado === this.#recusado) return;
    this.#recusado = recusado;
    this.#marcar(recusado);
    if (recusado)
      this.#logger.error({ ...this.#de, motivo: falha?.message }, 'the provider refuses us: channel stopped');
    else this.#logger.info(this.#de, 'the provider takes messages again');
  }

  #marcar(parado: boolean): void {
    this.#parado.set(this.#de, parado ? 1 : 0);
  }
}

/** One for all providers. */
function gaugeIn({ registry }: Options['metrics']): Gauge<'canal' | 'provedor'> {
  const name = 'notificacoes_canal_parado';
  const known = registry.getSingleMetric(name);
  if (known) return known as Gauge<'canal' | 'provedor'>;
  return new Gauge({
    name,
    help: '1 while the provider refuses our credentials or our address: it is sent nothing, and nothing is lost.',
    labelNames: ['canal', 'provedor'],
    registers: [registry],
  });
}
