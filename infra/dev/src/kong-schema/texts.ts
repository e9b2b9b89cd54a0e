import { createPublicKey } from 'node:crypto';

/** Kong looks for these in its own order; the first reason is enough here. */
const UNRESERVED = /%(4[1-9A-F]|5[0-9A]|6[1-9A-F]|7[0-9A]|3[0-9]|2[DE]|5F|7E)/;
const DOT_SEGMENT = /\/\.{1,2}(\/|$)/;

/** Paths of routes: `/prefix` in its normal form, or `~/expression`. */
export function routerPath(path: string): string | undefined {
  if (!/^~?\//.test(path)) return 'should start with: / (fixed path) or ~/ (regex path)';
  if (path.includes('//')) return 'must not have empty segments';
  const badEscape = /%(?![0-9A-Fa-f]{2}).{0,2}/.exec(path);
  if (badEscape) return `invalid url-encoded value: '${badEscape[0]}'`;
  if (path.startsWith('~')) return expression(path.slice(1));
  if (/%[0-9A-F]*[a-f]/.test(path) || UNRESERVED.test(path) || DOT_SEGMENT.test(path))
    return 'non-normalized path';
  return undefined;
}

/** The router of Kong 3 compiles expressions with an engine that cannot look around or refer back. */
export function expression(source: string): string | undefined {
  if (/\(\?[=!<]/.test(source) || /\\[1-9]/.test(source))
    return `invalid regex: '${source}' looks around or refers back`;
  try {
    new RegExp(source);
    return undefined;
  } catch {
    return `invalid regex: '${source}'`;
  }
}

export function headerValue(value: string): string | undefined {
  return value.startsWith('~*') ? expression(value.slice(2)) : undefined;
}

export function headerName(name: string): string | undefined {
  return /^[a-zA-Z0-9_-]+$/.test(name) ? undefined : `bad header name '${name}'`;
}

/** `Host` has a field of its own among the attributes of a route. */
export function routeHeaderName(name: string): string | undefined {
  if (name.toLowerCase() === 'host')
    return "cannot contain 'host' header, which must be specified in the 'hosts' attribute";
  return headerName(name);
}

export function entityName(name: string): string | undefined {
  return /^[\w.~\u0080-\u{10ffff}-]+$/u.test(name) ? undefined : `invalid value '${name}'`;
}

export function httpMethod(method: string): string | undefined {
  return /^[A-Z]+$/.test(method) ? undefined : `invalid value: ${method}`;
}

export function hostName(host: string): string | undefined {
  if (/:\d+$/.test(host)) return 'must not have a port';
  return /^[A-Za-z0-9._-]+$/.test(host) ? undefined : `invalid value: ${host}`;
}

export function address(url: string): string | undefined {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)/i.exec(url);
  if (!match) return 'missing scheme in url';
  return match[2] ? undefined : 'missing host in url';
}

export function publicKey(pem: string): string | undefined {
  try {
    createPublicKey(pem);
    return undefined;
  } catch {
    return 'invalid key';
  }
}
