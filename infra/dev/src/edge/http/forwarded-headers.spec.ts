import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { forwardedHeaders } from './forwarded-headers.ts';

const LOCAL_PORT = 8000;

function forwarded(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const request = { headers, localPort: LOCAL_PORT };
  return forwardedHeaders(request, '203.0.113.9', '/a');
}

describe('forwardedHeaders', () => {
  it('says where the request came from', () => {
    expect(forwarded({ host: 'api.exemplo.com:8443', accept: '*/*' })).toEqual({
      accept: '*/*',
      'x-forwarded-for': '203.0.113.9',
      'x-forwarded-host': 'api.exemplo.com',
      'x-forwarded-path': '/a',
      'x-forwarded-port': '8443',
      'x-forwarded-proto': 'http',
      'x-real-ip': '203.0.113.9',
    });
    expect(forwarded({ host: 'api.exemplo.com' })['x-forwarded-port']).toBe(String(LOCAL_PORT));
  });

  it('adds the client to those before it, and believes nothing else that the client says of itself', () => {
    const claimed = {
      'x-forwarded-for': '198.51.100.1',
      'x-real-ip': '198.51.100.1',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'outro.com',
      'x-forwarded-port': '1',
      'x-forwarded-path': '/outro',
    };
    expect(forwarded({ host: 'x:80', ...claimed })).toEqual({
      'x-forwarded-for': '198.51.100.1, 203.0.113.9',
      'x-forwarded-host': 'x',
      'x-forwarded-path': '/a',
      'x-forwarded-port': '80',
      'x-forwarded-proto': 'http',
      'x-real-ip': '203.0.113.9',
    });
  });

  it('keeps back what belongs to the connection, also what its Connection header names', () => {
    const headers = forwarded({
      connection: 'close, X-So-Aqui ,x-outro',
      'x-so-aqui': '1',
      'x-outro': '1',
      'x-fica': '1',
      'keep-alive': 'timeout=5',
      'proxy-authorization': 'Basic x',
      'proxy-connection': 'close',
      te: 'trailers',
      trailer: 'x',
      'transfer-encoding': 'chunked',
      upgrade: 'h2c',
      'http2-settings': 'x',
    });
    const own = Object.keys(headers).filter((name) => !/^x-(forwarded-|real-ip)/.test(name));
    expect(own).toEqual(['x-fica']);
  });
});
