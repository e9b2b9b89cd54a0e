import { expect } from '@jest/globals';
import type { ConformanceTarget } from './conformance-target.ts';

interface Answered {
  readonly status: number;
  readonly text: string;
  readonly type: string | null;
}

/** Sends JSON to a target, and tells what its upstream was asked. */
export class TranscodingClient {
  readonly #target: ConformanceTarget;

  constructor(target: ConformanceTarget) {
    this.#target = target;
  }

  /** A body that is a text goes out as it is. */
  async send(method: string, path: string, body?: unknown): Promise<Answered> {
    const response = await fetch(this.#target.baseUrl + path, {
      method,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      headers: { 'content-type': 'application/json' },
    });
    const text = await response.text();
    return { status: response.status, text, type: response.headers.get('content-type') };
  }

  /** Sends what must succeed and gives the request message as the upstream understood it. */
  async accepted(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const { status } = await this.send(method, path, body);
    expect(status).toBe(200);
    return this.lastMessage();
  }

  /** Sends what fits no message: it is refused before the upstream is called. */
  async expectUnencodable(method: string, path: string, body?: unknown): Promise<void> {
    const { calls } = this.#target.grpc;
    const before = calls.length;
    expect(await this.send(method, path, body)).toEqual({
      status: 400,
      text: 'failed to encode payload',
      type: 'application/json',
    });
    expect(calls).toHaveLength(before);
  }

  /** The request message that came last. @throws Error when none has come */
  lastMessage(): Record<string, unknown> {
    const { grpc, k, pw } = this.#target;
    const call = grpc.calls.at(-1);
    if (!call) throw new Error('the upstream was not called');
    const type = call.path.includes('.pw.') ? pw : k;
    return type.toObject(type.decode(call.message), { longs: String });
  }
}
