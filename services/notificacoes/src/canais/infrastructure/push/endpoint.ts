import { Result } from '@plataforma/domain/result';
import type { UrlNaoPermitidaError } from '../../../rede/domain/url-nao-permitida.ts';
import { lerDestino } from '../../../rede/infrastructure/destino.ts';

interface Permitido {
  /** Push services: names, or `*.` and a name for all below it. */
  readonly hosts: readonly string[];
  /** Whether this machine may be one: for development. */
  readonly permiteLocal: boolean;
}

/** The push services of browsers: Chrome and those built from it, Firefox, Edge, Safari. */
export const PUSH_SERVICES = [
  'fcm.googleapis.com',
  '*.push.services.mozilla.com',
  '*.notify.windows.com',
  '*.push.apple.com',
] as const;

/** Why an address is no endpoint of a push service that we know. */
export class EndpointRecusadoError extends Error {
  override readonly name = 'EndpointRecusadoError';
}

/**
 * Reads the address of a subscription: by `https`, of a push service that the configuration names, on the port of the web, and nothing of
 * our own network. On another port nobody may answer, and each message would wait for that.
 */
export function lerEndpoint(
  texto: string,
  { hosts, permiteLocal }: Permitido,
): Result<URL, EndpointRecusadoError | UrlNaoPermitidaError> {
  const destino = lerDestino(texto, permiteLocal);
  if (destino.isFailure) return destino;
  const { url, host, local } = destino.value;
  if (!local && (url.port !== '' || !hosts.some((nome) => ehDe(host, nome))))
    return Result.fail(new EndpointRecusadoError('of no push service that is known'));
  return Result.ok(url);
}

/** The push service of a host, as the configuration names it; this machine is one by itself. */
export const servicoDe = (host: string, hosts: readonly string[]): string =>
  hosts.find((nome) => ehDe(host, nome)) ?? host;

/** Of an address, whether or not it is taken; undefined for what is none. */
export const servicoDoEndpoint = (texto: string, hosts: readonly string[]): string | undefined => {
  const url = URL.parse(texto);
  return url ? servicoDe(url.hostname, hosts) : undefined;
};

function ehDe(host: string, nome: string): boolean {
  return nome.startsWith('*.') ? host.endsWith(nome.slice(1)) : host === nome;
}
