import { describe, expect, it } from '@jest/globals';
import { type Routable, Router } from './router.ts';

function route(name: string, paths: string[], more: Partial<Routable> = {}): Routable {
  return { name, paths, methods: [], headers: new Map(), regexPriority: 0, ...more };
}

function choose(routes: Routable[], path: string, method = 'GET', headers = {}): string | undefined {
  return new Router(routes).match(method, path, headers)?.name;
}

describe('Router', () => {
  it('prefers the longer prefix, whatever the order of the file', () => {
    const routes = [route('curta', ['/a']), route('longa', ['/a/b'])];
    expect(choose(routes, '/a/b/c')).toBe('longa');
    expect(choose(routes.toReversed(), '/a/b/c')).toBe('longa');
    expect(choose(routes, '/ab')).toBe('curta');
  });

  it('prefers an expression to a longer prefix', () => {
    expect(choose([route('prefixo', ['/api/login']), route('expressao', ['~/api/l'])], '/api/login')).toBe(
      'expressao',
    );
  });

  it('anchors an expression at the start, alternatives included', () => {
    const routes = [route('expressao', ['~/a$|/b$'])];
    expect(choose(routes, '/b')).toBe('expressao');
    expect(choose(routes, '/x/b')).toBeUndefined();
  });

  it('prefers more kinds of attributes to an expression', () => {
    const routes = [route('expressao', ['~/api/login$']), route('metodo', ['/api'], { methods: ['POST'] })];
    expect(choose(routes, '/api/login', 'POST')).toBe('metodo');
    expect(choose(routes, '/api/login', 'GET')).toBe('expressao');
  });

  it('matches headers by exact value or by expression, in any case', () => {
    const headers = new Map([['content-type', ['~*^application/grpc(\\+[a-z]+)?$']]]);
    const routes = [route('grpc', ['/'], { headers }), route('http', ['/'])];
    expect(choose(routes, '/', 'GET', { 'content-type': 'Application/gRPC+proto' })).toBe('grpc');
    expect(choose(routes, '/', 'GET', { 'content-type': 'application/grpc-web' })).toBe('http');
    expect(choose(routes, '/')).toBe('http');
  });

  it('prefers the higher regex_priority', () => {
    const routes = [
      route('baixa', ['~/a'], { regexPriority: 1 }),
      route('alta', ['~/a'], { regexPriority: 2 }),
    ];
    expect(choose(routes, '/a')).toBe('alta');
  });

  it('finds nothing when the method does not fit', () => {
    expect(choose([route('a', ['/a'], { methods: ['POST'] })], '/a', 'GET')).toBeUndefined();
  });
});
