import { Code, type ConnectError, type UnaryRequest } from '@connectrpc/connect';
import { codeToString } from '@connectrpc/connect/protocol-connect';
import {
  type Context,
  context,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TextMapGetter,
  trace,
} from '@opentelemetry/api';
import type { Logger } from 'pino';
import { motivoDe, toConnectError } from '../errors/errors.ts';
import { setRequestId } from '../rpc/call-context.ts';
import { principalKey } from '../rpc/principal.ts';
import { REQUEST_ID_HEADER, requestIdFrom } from '../rpc/request-id.ts';
import { methodName, type UnaryInterceptor } from '../rpc/rpc.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { newTrail, onTrail } from '../trail/trail.ts';

const tracer = trace.getTracer('@plataforma/runtime');

/**
 * Outermost interceptor: gives the call its request id, its trail and its span, and when it is over writes one access log
 * line and the metrics. Logs names, codes and times; never messages, headers or tokens.
 */
export function observability(deps: { logger: Logger; metrics?: Metrics | undefined }): UnaryInterceptor {
  return (next) => async (req) => {
    const call = new ObservedCall(req, deps);
    try {
      const res = await call.run(() => next(req));
      res.header.set(REQUEST_ID_HEADER, call.requestId);
      call.finish(undefined);
      return res;
    } catch (err) {
      const error = call.named(err);
      call.finish(error);
      throw error;
    }
  };
}

class ObservedCall {
  readonly requestId: string;
  readonly #req: UnaryRequest;
  readonly #deps: { logger: Logger; metrics?: Metrics | undefined };
  readonly #startedAt = performance.now();
  readonly #span: Span | undefined;
  readonly #context: Context;

  constructor(req: UnaryRequest, deps: { logger: Logger; metrics?: Metrics | undefined }) {
    this.requestId = requestIdFrom(req.header.get(REQUEST_ID_HEADER));
    setRequestId(req.contextValues, this.requestId);
    this.#req = req;
    this.#deps = deps;
    const active = context.active();
    // On the gRPC listener the instrumentation of grpc-js has opened a span already.
    if (trace.getSpan(active) !== undefined) {
      this.#context = active;
      return;
    }
    const parent = propagation.extract(active, req.header, headersGetter);
    this.#span = tracer.startSpan(
      methodName(req.method),
      { kind: SpanKind.SERVER, attributes: rpcAttributes(req) },
      parent,
    );
    this.#context = trace.setSpan(parent, this.#span);
  }

  run<T>(action: () => Promise<T>): Promise<T> {
    const onItsTrail = () => onTrail(newTrail({ type: 'unauthenticated' }, this.requestId), action);
    return this.#span === undefined ? onItsTrail() : context.with(this.#context, onItsTrail);
  }

  named(err: unknown): ConnectError {
    const error = toConnectError(err);
    error.metadata.set(REQUEST_ID_HEADER, this.requestId);
    return error;
  }

  finish(error: ConnectError | undefined): void {
    const ms = performance.now() - this.#startedAt;
    const code = error === undefined ? 'ok' : codeToString(error.code);
    const { parent, name } = this.#req.method;
    this.#deps.metrics?.observeRpc(parent.typeName, name, code, ms / 1000);
    const log = () => this.#log(code, ms, error);
    if (this.#span === undefined) {
      log();
    } else {
      // Inside the span, so that the line carries its ids.
      context.with(this.#context, log);
      endSpan(this.#span, error);
    }
  }

  #log(code: string, ms: number, error: ConnectError | undefined): void {
    const { method, contextValues } = this.#req;
    const line = {
      rpc: methodName(method),
      code,
      motivo: error && motivoDe(error),
      ms: Math.round(ms * 10) / 10,
      requestId: this.requestId,
      callerId: contextValues.get(principalKey)?.id,
    };
    this.#deps.logger.info(line, 'rpc');
  }
}

function endSpan(span: Span, error: ConnectError | undefined): void {
  span.setAttribute('rpc.grpc.status_code', error?.code ?? 0);
  if (error && isServerFault(error.code))
    span.setStatus({ code: SpanStatusCode.ERROR, message: error.rawMessage });
  span.end();
}

/** Faults of this side; the other codes are answers the caller had coming. */
function isServerFault(code: Code): boolean {
  return (
    code === Code.Unknown ||
    code === Code.DeadlineExceeded ||
    code === Code.Unimplemented ||
    code === Code.Internal ||
    code === Code.Unavailable ||
    code === Code.DataLoss
  );
}

function rpcAttributes({ method }: UnaryRequest) {
  return { 'rpc.system': 'connect_rpc', 'rpc.service': method.parent.typeName, 'rpc.method': method.name };
}

const headersGetter: TextMapGetter<Headers> = {
  get: (header, key) => header.get(key) ?? undefined,
  keys: (header) => [...header.keys()],
};
