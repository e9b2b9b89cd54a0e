import type { Logger } from '@plataforma/runtime/logger';
import type { Metrics } from '@plataforma/runtime/metrics';
import type { Background } from '@plataforma/runtime/service';
import { Counter } from 'prom-client';
import type { Carteiro } from '../application/carteiro.ts';
import type { Canal } from '../domain/mensagem.ts';
import { CanalObservado } from './canal-observado.ts';
import { CarteiroComReserva } from './carteiro-com-reserva.ts';

/** What a channel is made of. */
export interface CanalMontado<M> {
  readonly carteiro: Carteiro<M>;
  /** The connections that are kept between messages. */
  readonly background: readonly Background[];
}

/** Who watches over a channel. */
export interface Vigias {
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'registry'>;
}

/** One provider of a channel, by the name that the configuration has for it. */
export interface Provedor<M> extends CanalMontado<M> {
  readonly nome: string;
}

/** A channel of one provider, or of one and another that takes what the first does not take because of itself. */
export function montarCanal<M>(
  canal: Canal,
  { logger, metrics }: Vigias,
  [primeiro, reserva]: readonly [Provedor<M>, Provedor<M>?],
): CanalMontado<M> {
  const observado = ({ nome: provedor, carteiro }: Provedor<M>) =>
    new CanalObservado(carteiro, { canal, provedor, logger, metrics });
  if (reserva === undefined) return { carteiro: observado(primeiro), background: primeiro.background };
  const nome = canal.toLowerCase();
  const substituidas = counterIn(metrics);
  const carteiro = new CarteiroComReserva<M>({
    ...{ nome, primeiro: observado(primeiro), reserva: observado(reserva) },
    aoSubstituir: () => substituidas.inc({ canal, provedor: reserva.nome }),
    aoMudar: (estado) =>
      logger.warn(
        { canal, provedor: primeiro.nome, reserva: reserva.nome, estado },
        'breaker of a channel changed',
      ),
  });
  const background = [...primeiro.background, ...reserva.background, closing(nome, carteiro)];
  return { carteiro, background };
}

/** What is closed when the service ends. */
export const closing = (name: string, what: { close(): void }): Background => ({
  name,
  start: async () => {},
  stop: async () => what.close(),
});

/** One for all channels. */
function counterIn({ registry }: Vigias['metrics']): Counter<'canal' | 'provedor'> {
  const name = 'notificacoes_pela_reserva_total';
  const known = registry.getSingleMetric(name);
  if (known) return known as Counter<'canal' | 'provedor'>;
  return new Counter({
    name,
    help: 'Messages that a second provider took because the first one did not.',
    labelNames: ['canal', 'provedor'],
    registers: [registry],
  });
}
