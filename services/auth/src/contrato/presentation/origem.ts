import type { HandlerContext } from '@connectrpc/connect';
import { encurtarTexto, normalizarTexto, problemaNoTexto } from '@plataforma/domain/texto';
import { callValues, requestIdOf } from '@plataforma/runtime/call-context';
import type { ClientAddresses } from '@plataforma/runtime/client-address';
import type { HttpRequest } from '@plataforma/runtime/http-routes';
import { MAX_DISPOSITIVO, type Origem } from '../domain/origem.ts';
import { deviceTokenOf } from './device-cookie.ts';

/** Tells where a call comes from. */
export type OrigemDe = (context: Pick<HandlerContext, 'values' | 'requestHeader'>) => Origem;

/** Headers that say where a call comes from. */
const DA_ORIGEM = ['x-forwarded-for', 'user-agent'] as const;

/** The same of a request of a plain route. */
export function origemDaRota(
  origemDe: OrigemDe,
  { headers, peer }: Pick<HttpRequest, 'headers' | 'peer'>,
): Origem {
  const requestHeader = new Headers();
  for (const name of DA_ORIGEM) if (headers[name]) requestHeader.set(name, String(headers[name]));
  return origemDe({ values: callValues(peer), requestHeader });
}

/** How a device names itself is the client's to write: what people could not read as one line of text is left out. */
export function origemPor(clients: ClientAddresses): OrigemDe {
  return (context) => {
    const nome = normalizarTexto(context.requestHeader.get('user-agent') ?? '');
    const dispositivo = problemaNoTexto(nome) === undefined ? encurtarTexto(nome, MAX_DISPOSITIVO) : '';
    const aparelho = deviceTokenOf(context);
    const origem = { endereco: clients.of(context), dispositivo, requisicao: requestIdOf(context) };
    return aparelho === '' ? origem : { ...origem, aparelho };
  };
}
