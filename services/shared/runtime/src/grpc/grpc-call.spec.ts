import { EventEmitter } from 'node:events';
import { create } from '@bufbuild/protobuf';
import { StringValueSchema } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { Metadata } from '@grpc/grpc-js';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { RequestInfoSchema } from '@plataforma/contratos/google/rpc/error_details_pb';
import { ecoService } from '../../test/eco-service.ts';
import { rpcError } from '../errors/errors.ts';
import { encode, failure, grpcCall, sendHeader, trailerMetadata } from './grpc-call.ts';
import { statusFromBytes } from './grpc-status.ts';

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
  readonly sent: Metadata[] = [];
  sendMetadata = (metadata: Metadata) => void this.sent.push(metadata);
}

afterEach(() => {
  jest.restoreAllMocks();
});

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

  it.each([
    [5, 'DeadlineExceeded'],
    [6, 'Canceled'],
  ])('takes an end %d ms ahead of time for %s', (leftMs, code) => {
    jest.spyOn(Date, 'now').mockReturnValue(1_000_000);
    const call = new SurfaceCall(leftMs);
    const { context } = grpcCall(spec, call);
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

describe('the context of a call', () => {
  it('tells what a handler may know', () => {
    jest.spyOn(Date, 'now').mockReturnValue(1_000_000);
    const call = new SurfaceCall(700);
    call.metadata.set('x-a', '1');
    const { context } = grpcCall(spec, call);
    expect(context).toMatchObject({ url: 'http://localhost/', protocolName: 'grpc', requestMethod: 'POST' });
    expect(context.requestHeader.get('x-a')).toBe('1');
    expect(context.timeoutMs()).toBe(700);
    expect(grpcCall(spec, new SurfaceCall(Number.POSITIVE_INFINITY)).context.timeoutMs()).toBeUndefined();
  });

  it('sends headers where there are some, and trailers where there are some', () => {
    const call = new SurfaceCall(700);
    const { context } = grpcCall(spec, call);
    sendHeader(call, context);
    expect([call.sent, trailerMetadata(context)]).toEqual([[], undefined]);
    context.responseHeader.set('x-antes', '1');
    context.responseTrailer.set('x-depois', '2');
    sendHeader(call, context);
    expect(call.sent.map((metadata) => metadata.get('x-antes'))).toEqual([['1']]);
    expect(trailerMetadata(context)?.get('x-depois')).toEqual(['2']);
  });
});

describe('encode', () => {
  /** Its tag and its length take five bytes. */
  const encoded = (bytes: number) =>
    encode(StringValueSchema, create(StringValueSchema, { value: 'a'.repeat(bytes - 5) }));

  it('takes an answer of 4 MiB and no larger one', () => {
    expect(encoded(4 * 1024 * 1024)).toHaveLength(4 * 1024 * 1024);
    expect(() => encoded(4 * 1024 * 1024 + 1)).toThrow('A resposta excede o tamanho máximo de 4 MiB.');
  });
});

describe('failure', () => {
  const detailsOf = ({ metadata }: ReturnType<typeof failure>) =>
    statusFromBytes(metadata.get('grpc-status-details-bin')[0] as Buffer, new Headers()).details;

  it('tells code, message, details and metadata, with the trailers', () => {
    const error = rpcError(Code.NotFound, 'SEM_NADA', 'Não há.', { a: 'b' });
    error.metadata.set('x-a', '1');
    const status = failure(error, new Headers({ 'x-depois': '2' }));
    expect(status).toMatchObject({ code: Code.NotFound, details: 'Não há.' });
    expect([status.metadata.get('x-a'), status.metadata.get('x-depois')]).toEqual([['1'], ['2']]);
    expect(detailsOf(status)).toHaveLength(1);
  });

  it('sends no half of a character', () => {
    const status = failure(new ConnectError('a\ud83d', Code.NotFound), new Headers());
    expect(status.details).toBe('a\ufffd');
  });

  it('keeps to the first details where all of them are more than headers hold', () => {
    const error = rpcError(Code.NotFound, 'SEM_NADA', 'Não há.');
    const value = { value: 'a'.repeat(3_000) };
    error.details.push({ desc: StringValueSchema, value });
    expect(detailsOf(failure(error, new Headers()))).toHaveLength(2);
    error.details.push({ desc: StringValueSchema, value });
    expect(detailsOf(failure(error, new Headers()))).toHaveLength(2);
  });

  it('names the request, and has the facts in a header of its own', () => {
    const error = rpcError(Code.NotFound, 'SEM_NADA', 'Não há.', { datas: ['é'] });
    const { metadata } = failure(error, new Headers(), 'pedido-1');
    expect(metadata.get('x-erro-detalhes')).toEqual(['{"datas":["\\u00e9"]}']);
    expect(
      statusFromBytes(metadata.get('grpc-status-details-bin')[0] as Buffer).findDetails(RequestInfoSchema),
    ).toEqual([expect.objectContaining({ requestId: 'pedido-1' })]);
  });

  it('has no details where there are none', () => {
    const error = rpcError(Code.NotFound, 'SEM_NADA', 'Não há.');
    error.details = [];
    expect(failure(error, new Headers()).metadata.get('grpc-status-details-bin')).toEqual([]);
  });
});
