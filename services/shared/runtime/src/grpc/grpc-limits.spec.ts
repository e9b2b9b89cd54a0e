import { EventEmitter } from 'node:events';
import type { Http2Server, ServerHttp2Stream } from 'node:http2';
import { Code, ConnectError } from '@connectrpc/connect';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { listenerLimits, listenerLoad } from '../rpc/listener-limits.ts';
import { limitGrpc, refuse } from './grpc-limits.ts';

const NO_ERROR = 0;
const CANCEL = 8;

class Stream extends EventEmitter {
  session: object | undefined = { destroyed: false, socket: { remoteAddress: '10.0.0.1' } };
  destroyed = false;
  headersSent = false;
  readableEnded = false;
  closed: number[] = [];
  responded: unknown[] = [];

  close(code: number): void {
    this.closed.push(code);
  }

  respond(...what: unknown[]): void {
    this.responded.push(what);
  }
}

describe('limitGrpc', () => {
  let server: EventEmitter;
  let passed: number;
  let stop: () => void;
  const load = () => listenerLoad('grpc', listenerLimits());
  let used: ReturnType<typeof load>;

  beforeEach(() => {
    jest.useFakeTimers();
    server = new EventEmitter();
    passed = 0;
    server.on('stream', () => {
      passed += 1;
    });
    used = load();
    stop = limitGrpc(server as unknown as Http2Server, {
      load: used,
      kinds: new Map([['/a/Watch', 'streams']]),
    });
  });

  afterEach(() => {
    stop();
    jest.useRealTimers();
  });

  function call(path = '/a/Ler'): Stream {
    const stream = new Stream();
    server.emit('stream', stream, { ':path': path });
    return stream;
  }

  it('resets a call whose request is not there after 20 s', () => {
    const stream = call();
    jest.advanceTimersByTime(20_000);
    expect([passed, stream.closed]).toEqual([1, []]);
    jest.advanceTimersByTime(1_000);
    expect(stream.closed).toEqual([CANCEL]);
  });

  it('resets a call whose answer is not read after 75 s', () => {
    const stream = call();
    stream.readableEnded = true;
    jest.advanceTimersByTime(75_000);
    expect(stream.closed).toEqual([]);
    jest.advanceTimersByTime(1_000);
    expect(stream.closed).toEqual([CANCEL]);
  });

  it('leaves calls alone that are over, or may stay open', () => {
    const over = call();
    over.emit('close');
    const watch = call('/a/Watch');
    jest.advanceTimersByTime(600_000);
    expect([over.closed, watch.closed]).toEqual([[], []]);
    expect([used.requests.total, used.streams.total]).toEqual([0, 1]);
  });

  it('watches no longer once it is told', () => {
    expect(jest.getTimerCount()).toBe(1);
    stop();
    expect(jest.getTimerCount()).toBe(0);
  });

  it.each([
    ['a connection that is gone', { session: undefined }],
    ['a connection that was cut', { session: { destroyed: true, socket: {} } }],
    ['a call that is gone', { destroyed: true }],
  ])('does nothing for %s', (_, state) => {
    const stream = Object.assign(new Stream(), state);
    server.emit('stream', stream, { ':path': '/a/Ler' });
    expect([passed, used.requests.total]).toEqual([0, 0]);
  });
});

describe('refuse', () => {
  const error = new ConnectError('não há lugar', Code.ResourceExhausted);

  it('answers in one frame, and waits for nothing more', () => {
    const stream = new Stream();
    refuse(stream as unknown as ServerHttp2Stream, error);
    expect(stream.responded).toEqual([
      [
        expect.objectContaining({
          ':status': 200,
          'content-type': 'application/grpc+proto',
          'grpc-status': 8,
          'grpc-message': encodeURI('não há lugar'),
        }),
        { endStream: true },
      ],
    ]);
    expect(stream.closed).toEqual([NO_ERROR]);
    expect(() => stream.emit('error', new Error('gone'))).not.toThrow();
  });

  it.each([
    ['resets a call that is being answered already', { headersSent: true }, [CANCEL]],
    ['does nothing for a call that is gone', { destroyed: true }, []],
  ])('%s', (_, state, closed) => {
    const stream = Object.assign(new Stream(), state);
    refuse(stream as unknown as ServerHttp2Stream, error);
    expect([stream.responded, stream.closed]).toEqual([[], closed]);
  });
});
