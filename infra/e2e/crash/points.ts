/**
 * Loaded into a service before its own code (`node --import`), and only by the proofs: it watches every commit, publish,
 * ack, call to Stripe, write to Redis and, in auth, answer, and writes each to `<CRASH_DIR>/<service>.log`. At the one that
 * `<CRASH_DIR>/<service>.json` names, before or after it, it kills its own process (SIGKILL, as a crash: nothing runs any
 * more). That file goes with the kill, so the next start lives. Where somebody else is to die there, the service stands
 * still, all of it, until the file `<CRASH_DIR>/<service>.held`, which it makes instead, is taken away.
 */
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { QueryConfig } from 'pg';
import { commitLabel, type Statement, writesOf } from './labels.ts';

/** Where a service, or a server that it is about to need, is to die. */
export interface Cell {
  /** Who comes to the point. */
  readonly service: string;
  /** Who dies then: the service, or what it stands still for. */
  readonly victim: string;
  /** Its name. */
  readonly point: string;
  /** The name is a regular expression: the first point that is like it. */
  readonly pattern?: true;
  readonly when: 'before' | 'after';
  /** The first time that it comes there, or a later one. */
  readonly nth: number;
}

const folder = process.env.CRASH_DIR ?? '';
const service = process.env.OTEL_SERVICE_NAME ?? '';
const armedFile = join(folder, `${service}.json`);
const heldFile = join(folder, `${service}.held`);
const logFile = join(folder, `${service}.log`);

/** How often an armed cell was come to. */
let armed = { id: '', times: 0 };

function reached(point: string, when: Cell['when']): void {
  appendFileSync(logFile, `${when} ${point}\n`);
  if (!existsSync(armedFile)) return;
  const { id, ...cell } = JSON.parse(readFileSync(armedFile, 'utf8')) as Cell & { readonly id: string };
  const there = cell.pattern ? new RegExp(cell.point).test(point) : cell.point === point;
  if (!there || cell.when !== when) return;
  armed = { id, times: armed.id === id ? armed.times + 1 : 1 };
  if (armed.times < cell.nth) return;
  if (cell.victim === service) {
    rmSync(armedFile);
    process.kill(process.pid, 'SIGKILL');
    // The signal is on its way: not one more instruction.
    standStill();
  }
  writeFileSync(heldFile, '');
  rmSync(armedFile);
  while (existsSync(heldFile)) standStill(10);
}

function standStill(ms?: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Around a method that answers a promise. */
async function around<T>(point: string, call: () => Promise<T>): Promise<T> {
  reached(point, 'before');
  const result = await call();
  reached(point, 'after');
  return result;
}

const require = createRequire(import.meta.url);

watchPostgres();
watchNats();
watchStripe();
watchRedis();
if (service === 'auth') watchAnswers();

type Query = (this: object, ...args: unknown[]) => unknown;

/** Transactions of a connection that are open, with what they have written so far. */
const open = new WeakMap<object, Statement[]>();

function watchPostgres(): void {
  const { Client } = require('pg') as { Client: { prototype: { query: Query } } };
  const original = Client.prototype.query;
  Client.prototype.query = function watched(...args) {
    const [config, given] = args;
    const { text: sql, values } =
      typeof config === 'string' ? { text: config, values: given } : ((config ?? {}) as Partial<QueryConfig>);
    if (sql === undefined) return original.apply(this, args);
    const statement = { sql, values: Array.isArray(values) ? values : [] };
    const after = beforeStatement(this, statement);
    return withAfter(original, this, args, after);
  };
}

/** What is to be done with the number of rows once the statement has been carried out. */
function beforeStatement(client: object, statement: Statement): (rows: number) => void {
  const word = /^\s*(\w+)/.exec(statement.sql)?.[1]?.toUpperCase();
  if (word === 'BEGIN' || word === 'START') {
    // At once: the statements of the transaction may be sent before this one is answered.
    open.set(client, []);
    return () => {};
  }
  if (word === 'ROLLBACK' && !/ to /i.test(statement.sql)) return () => void open.delete(client);
  const transaction = open.get(client);
  if (word === 'COMMIT' && transaction) {
    open.delete(client);
    return crossing(commitLabel(transaction));
  }
  if (writesOf(statement.sql).length === 0) return () => {};
  if (transaction) return (rows) => void (rows > 0 && transaction.push(statement));
  // A statement by itself is a transaction. Whether a poll finds something is known only afterwards.
  const label = commitLabel([statement]);
  if (/skip locked/i.test(statement.sql))
    return (rows) => void (rows > 0 && label && reached(label, 'after'));
  return crossing(label);
}

function crossing(label: string | undefined): () => void {
  if (label === undefined) return () => {};
  reached(label, 'before');
  return () => reached(label, 'after');
}

function withAfter(original: Query, client: object, args: unknown[], after: (rows: number) => void): unknown {
  const callback = args.at(-1);
  if (typeof callback === 'function') {
    const told = (error: unknown, result: { rowCount?: number } | undefined) => {
      if (!error) after(result?.rowCount ?? 0);
      return callback(error, result);
    };
    return original.apply(client, [...args.slice(0, -1), told]);
  }
  const answer = original.apply(client, args);
  if (!(answer instanceof Promise)) return answer;
  return answer.then((result: { rowCount?: number }) => {
    after(result?.rowCount ?? 0);
    return result;
  });
}

type Method = (this: object, ...args: never[]) => Promise<unknown>;

function watchNats(): void {
  // The classes are not exported: they are taken from the files of the package.
  const lib = dirname(require.resolve('@nats-io/jetstream'));
  const { JetStreamClientImpl } = require(join(lib, 'jsclient.js'));
  const { JsMsgImpl } = require(join(lib, 'jsmsg.js'));
  const publish: Method = JetStreamClientImpl.prototype.publish;
  JetStreamClientImpl.prototype.publish = function watched(...args: never[]) {
    return around(`publish ${args[0]}`, () => publish.apply(this, args));
  };
  const { ackAck } = JsMsgImpl.prototype;
  // The service does not wait for its ack; here the server confirms it, or a crash could not be said to come after it.
  JsMsgImpl.prototype.ack = function watched() {
    // Unconfirmed it comes again, as in production.
    around(`ack ${this.info.consumer} ${this.subject}`, () => ackAck.call(this)).catch(() => {});
  };
}

function watchStripe(): void {
  const original = http.request as (...args: unknown[]) => http.ClientRequest;
  http.request = ((...args: unknown[]) => {
    const options = args.find((arg) => typeof arg === 'object' && arg !== null) as http.RequestOptions;
    const path = options?.path ?? '';
    if (!path.startsWith('/v1/')) return original(...args);
    const point = `stripe ${options.method} ${path.replace(/\?.*/, '').replace(/\/(cs|re|pi)_\w+/, '/*')}`;
    reached(point, 'before');
    return original(...args).prependListener('response', () => reached(point, 'after'));
  }) as typeof http.request;
}

const WRITES = /^(incr|set|del|hset|eval|evalsha)$/i;

interface RedisCommand {
  readonly name: string;
  getKeys(): readonly unknown[];
}

type SendCommand = (this: object, command: RedisCommand, ...rest: unknown[]) => Promise<unknown>;

/** What is kept in Redis: counters of identities, sessions, attempts, cached agendas. Reads cost nothing when they fail. */
function watchRedis(): void {
  const { Redis } = require('ioredis') as { Redis: { prototype: { sendCommand: SendCommand } } };
  const { sendCommand } = Redis.prototype;
  Redis.prototype.sendCommand = function watched(command, ...rest) {
    if (!WRITES.test(command.name)) return sendCommand.call(this, command, ...rest);
    const kind = `${command.getKeys()[0] ?? ''}`.replace(/^(id:\w+|\w+).*$/, '$1');
    const point = `redis ${command.name.toLowerCase()} ${kind}`;
    return around(point, () => sendCommand.call(this, command, ...rest));
  };
}

type Handler = (call: unknown, answer: (...args: unknown[]) => void) => unknown;

/** What others ask of auth: its RPCs, and its public keys. */
function watchAnswers(): void {
  const { Server } = require('@grpc/grpc-js') as {
    Server: { prototype: { register: (name: string, handler: Handler, ...rest: unknown[]) => boolean } };
  };
  const { register } = Server.prototype;
  Server.prototype.register = function watched(name, handler, ...rest) {
    const point = `answer ${name.replace(/^.*\//, '')}`;
    if (!name.startsWith('/auth.v1.') || rest.at(-1) !== 'unary')
      return register.call(this, name, handler, ...rest);
    const watching: Handler = (call, answer) => {
      reached(point, 'before');
      return handler(call, (...args) => {
        answer(...args);
        reached(point, 'after');
      });
    };
    return register.call(this, name, watching, ...rest);
  };
  const emit = http.Server.prototype.emit as (...args: unknown[]) => boolean;
  http.Server.prototype.emit = function watched(this: http.Server, ...args: unknown[]) {
    const [event, request, response] = args as [string, http.IncomingMessage, http.ServerResponse];
    if (event === 'request' && request.url?.startsWith('/.well-known/jwks.json')) {
      reached('answer jwks.json', 'before');
      response.once('finish', () => reached('answer jwks.json', 'after'));
    }
    return emit.apply(this, args);
  };
}
