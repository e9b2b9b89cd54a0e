import { isIP } from 'node:net';
import { Result } from '@plataforma/domain/result';
import { UrlNaoPermitidaError } from '../domain/url-nao-permitida.ts';
import { ehLoopback, ehPublico } from './enderecos-publicos.ts';

/** Where a request goes, as far as the URL tells. */
export interface Destino {
  readonly url: URL;
  /** Name or address, without the brackets of IPv6. */
  readonly host: string;
  /** It is of this machine, and that is allowed here. */
  readonly local: boolean;
}

const PORTAS = ['', '443', '8443'];
const MAXIMO = 2_048;

/**
 * Reads the URL of a receiver as the client that sends the request does (WHATWG), so that both mean the same host however it
 * is written. What a name stands for is looked up, and judged, at every attempt.
 *
 * @param permiteLocal whether this machine may be named, also by `http` and on any port: for development
 */
export function lerDestino(texto: string, permiteLocal: boolean): Result<Destino, UrlNaoPermitidaError> {
  if (texto.length > MAXIMO || !URL.canParse(texto)) return recusa('não é uma URL');
  const url = new URL(texto);
  if (url.username !== '' || url.password !== '') return recusa('a URL tem usuário ou senha');
  if (url.hash !== '') return recusa('a URL tem fragmento');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const web = url.protocol === 'https:' || url.protocol === 'http:';
  if (permiteLocal && web && (host === 'localhost' || ehLoopback(host)))
    return Result.ok({ url, host, local: true });
  if (url.protocol !== 'https:') return recusa('é preciso usar https');
  if (!PORTAS.includes(url.port)) return recusa('só as portas 443 e 8443 são permitidas');
  if (isIP(host) === 0 ? !ehNomePublico(host) : !ehPublico(host)) return recusa('o endereço não é público');
  return Result.ok({ url, host, local: false });
}

/** Names of one label, with a dot at the end, or of zones that are no part of the public tree. */
function ehNomePublico(nome: string): boolean {
  return (
    /^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/.test(nome) &&
    !/\.(localhost|local|internal|home\.arpa|onion|test|invalid|example)$/.test(nome)
  );
}

const recusa = (porque: string) => Result.fail(new UrlNaoPermitidaError(porque));
