import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { motivoDe } from '../errors/errors.ts';
import { limitConnections, listenerLimits, listenerLoad, overLimit } from './listener-limits.ts';

describe('the limits of a listener', () => {
  it('leave a proxy three quarters of all, and the rest to others', () => {
    expect(listenerLimits()).toEqual({
      connections: { total: 2_000, perAddress: 1_500, perConnection: 1 },
      requests: { total: 2_000, perAddress: 1_500, perConnection: 500 },
      streams: { total: 200, perAddress: 150, perConnection: 10 },
      checks: { total: 64, perAddress: 48, perConnection: 16 },
    });
  });

  it('shut no address out, however small its share is', () => {
    const { streams } = listenerLimits({ maxStreams: 3, addressSharePercent: 1 });
    expect(streams).toEqual({ total: 3, perAddress: 1, perConnection: 10 });
  });
});

describe('the load of a listener', () => {
  it('is told by its gauges, and so is what was turned away', async () => {
    const registry = new Registry();
    const load = listenerLoad('grpc', listenerLimits(), registry);
    load.requests.enter('a', {});
    load.refused('requests', 'address');
    const value = async (name: string) => (await registry.getSingleMetric(name)?.get())?.values[0];
    expect(await value('grpc_requests_open')).toMatchObject({ value: 1 });
    expect(await value('grpc_streams_open')).toMatchObject({ value: 0 });
    expect(await value('grpc_requests_limit')).toMatchObject({ value: 2_000 });
    expect(await value('grpc_refused_total')).toEqual({
      ...{ labels: { what: 'requests', share: 'address' }, value: 1 },
    });
  });

  it('is not measured unless somebody wants to know', () => {
    expect(() => listenerLoad('http', listenerLimits()).refused('checks', 'total')).not.toThrow();
  });
});

describe('limitConnections', () => {
  class Connection extends EventEmitter {
    readonly remoteAddress: string | undefined;
    cut = 0;

    constructor(remoteAddress?: string) {
      super();
      this.remoteAddress = remoteAddress;
    }

    destroy(): void {
      this.cut += 1;
    }
  }

  it('cuts what is over a limit, and passes everything else on', () => {
    const server = new EventEmitter();
    const passed: unknown[] = [];
    for (const listener of ['one', 'two'])
      server.on('connection', function (this: unknown, socket: Socket) {
        passed.push([listener, socket, this === server]);
      });
    const refused: unknown[] = [];
    const load = listenerLoad('http', listenerLimits({ maxConnections: 2, addressSharePercent: 50 }));
    limitConnections(server, { ...load, refused: (...what) => void refused.push(what) });
    const [first, second, other] = [new Connection('a'), new Connection('a'), new Connection()];
    for (const socket of [first, second, other]) server.emit('connection', socket);
    expect([first, second, other].map(({ cut }) => cut)).toEqual([0, 1, 0]);
    expect(refused).toEqual([['connections', 'address']]);
    expect(passed).toEqual([
      ['one', first, true],
      ['two', first, true],
      ['one', other, true],
      ['two', other, true],
    ]);
    first.emit('close');
    server.emit('connection', second);
    expect([second.cut, load.connections.total]).toEqual([1, 2]);
  });
});

describe('overLimit', () => {
  it.each([
    ['total', Code.Unavailable, 'SERVICO_INDISPONIVEL'],
    ['address', Code.ResourceExhausted, 'LIMITE_DE_REQUISICOES'],
    ['connection', Code.ResourceExhausted, 'LIMITE_DE_REQUISICOES'],
  ] as const)('says of the share "%s" whose it is, and when to come back', (share, code, motivo) => {
    const error = overLimit(share);
    expect([error.code, motivoDe(error), error.metadata.get('retry-after')]).toEqual([code, motivo, '1']);
  });
});
