import type { Result } from '@plataforma/domain/result';
import type { Logger } from '@plataforma/runtime/logger';
import type { Metrics } from '@plataforma/runtime/metrics';
import { Gauge } from 'prom-client';
import type { Carteiro } from '../application/carteiro.ts';
import type { FalhaDeEnvioError } from '../domain/falha-de-envio.ts';
import type { Mensagem } from '../domain/mensagem.ts';

interface Options {
  /** What carries the messages, as the configuration names it. */
  readonly provedor: string;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'registry'>;
}

/**
 * Says of a provider whether it refuses us: a channel that is stopped until somebody changes a key is no outage that ends by
 * itself. Once in the log when it begins and once when it ends, however many messages are tried meanwhile.
 */
export class CanalObservado implements Carteiro {
  readonly #carteiro: Carteiro;
  readonly #provedor: string;
  readonly #logger: Logger;
  readonly #parado: Gauge<'canal' | 'provedor'>;
  #recusado = false;

  constructor(carteiro: Carteiro, { provedor, logger, metrics }: Options) {
    this.#carteiro = carteiro;
    this.#provedor = provedor;
    this.#logger = logger;
    this.#parado = gaugeIn(metrics);
    this.#marcar(false);
  }

  async enviar(mensagem: Mensagem): Promise<Result<void, FalhaDeEnvioError>> {
    const resultado = await this.#carteiro.enviar(mensagem);
    const falha = resultado.isFailure ? resultado.error : undefined;
    // A provider that is away says nothing about what it thinks of us.
    if (falha?.tipo !== 'INDISPONIVEL') this.#notar(falha);
    return resultado;
  }

  #notar(falha: FalhaDeEnvioError | undefined): void {
    const recusado = falha?.tipo === 'CREDENCIAIS';
    if (recusado === this.#recusado) return;
    this.#recusado = recusado;
    this.#marcar(recusado);
    const de = { canal: 'EMAIL', provedor: this.#provedor };
    if (recusado)
      this.#logger.error({ ...de, motivo: falha?.message }, 'the provider refuses us: channel stopped');
    else this.#logger.info(de, 'the provider takes messages again');
  }

  #marcar(parado: boolean): void {
    this.#parado.set({ canal: 'EMAIL', provedor: this.#provedor }, parado ? 1 : 0);
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
