import { EventEmitter } from 'node:events';
import { Code, type ConnectError } from '@connectrpc/connect';
import { Metadata } from '@grpc/grpc-js';
import { describe, expect, it } from '@jest/globals';
import { ecoService } from '../../test/eco-service.ts';
import { grpcCall } from './grpc-call.ts';

const [method] = ecoService().methods;
if (!method) throw new Error('no method');
const { spec } = method;

/** A call as grpc-js hands it over. @param leftMs until its client gives it up */
class SurfaceCall extends EventEmitter {
  readonly metadata = new Metadata();
  readonly #deadline: number;

  constructor(leftMs: number) {
    super();
    this.#deadline = Date.now() + leftMs;
  }

  getDeadline = () => this.#deadline;
  getPeer = () => '127.0.0.1';
  getHost = () => 'localhost';
  getPath = () => '/';
  sendMetadata = () => {};
}

const reasonOf = ({ signal }: { readonly signal: AbortSignal }) =>
  signal.aborted ? Code[(signal.reason as ConnectError).code] : undefined;

describe('the signal of a call', () => {
  it.each([
    ['Canceled', 'its client goes away', 60_000],
    ['Canceled', 'a client without a deadline goes away', Number.POSITIVE_INFINITY],
    ['DeadlineExceeded', 'its time is up', 0],
    ['DeadlineExceeded', 'its timer goes off a moment before its time is up', 3],
  ])('fires with %s when %s', (code, _, leftMs) => {
    const call = new SurfaceCall(leftMs);
    const { context } = grpcCall(spec, call);
    expect(reasonOf(context)).toBeUndefined();
    call.emit('cancelled');
    expect(reasonOf(context)).toBe(code);
  });

  it('fires when the server closes, also for a call that comes too late', () => {
    const closing = new AbortController();
    const early = grpcCall(spec, new SurfaceCall(60_000), closing.signal);
    closing.abort();
    const late = grpcCall(spec, new SurfaceCall(60_000), closing.signal);
    expect([early, late].map(({ context }) => reasonOf(context))).toEqual(['Unavailable', 'Unavailable']);
  });

  it('does not fire any more when the call is over', () => {
    const closing = new AbortController();
    const call = new SurfaceCall(60_000);
    const { context, finish } = grpcCall(spec, call, closing.signal);
    finish();
    call.emit('cancelled');
    closing.abort();
    expect(reasonOf(context)).toBeUndefined();
  });
});
