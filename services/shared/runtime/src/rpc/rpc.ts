/*
 * Room `rpc`: what a call is, whichever listener it comes by: a method with its handler and access rule (this file), who calls
 * (`principal.ts`), what keys may be let in for (`escopos.ts`), whose data an answer shows (`shown.ts`), what is always in it
 * (`whole-answers.ts`), its id (`request-id.ts`), what handlers may know of it besides (`call-context.ts`), the time that it has
 * (`call-time.ts`), what clients may have open at a time (`listener-limits.ts`, `occupancy.ts`, `client-timeout.ts`), and what the
 * platform answers about itself: health and reflection.
 *
 * Handlers are written once, against Connect's `ServiceImpl`; rooms `grpc` and `http` serve them, and room `interceptors` is put
 * around them. Default is deny: a method without an access rule does not compile, and one that no rule is known of is refused.
 */

import {
  create,
  type DescMessage,
  type DescMethod,
  type DescService,
  type Message,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import {
  Code,
  createServiceImplSpec,
  type HandlerContext,
  type MethodImplSpec,
  type ServiceImpl,
  type UnaryRequest,
  type UnaryResponse,
} from '@connectrpc/connect';
import { rpcError } from '../errors/errors.ts';
import type { Escopo } from './escopos.ts';
import type { Papel } from './principal.ts';
import type { Mostra, MostraDe } from './shown.ts';
import { answeringWhole } from './whole-answers.ts';

/** What a caller is to the thing that a call names: whose it is, who runs its space, who administers the platform. */
export type Parte = 'DONO' | 'GESTOR_DO_ESPACO' | 'ADMIN';

/** How somebody is answered: with what was asked for, as if it were not there, with a refusal, or without it in a list. */
export type Resposta = 'PODE' | 'NAO_ENCONTRADO' | 'NEGADO' | 'OMITIDO';

/** How each part is answered about one thing; a part that is not named is answered as all others are. */
export type Respostas = { readonly OUTROS: Resposta } & { readonly [P in Parte]?: Resposta };

/** Who is let in: users with one of `papeis`, and the services named in `servicos`. */
export interface Regra {
  readonly papeis?: readonly Papel[];
  /** What lets an API key in, whose owner has to be let in, too; without it no key is. */
  readonly escopo?: Escopo;
  /** A service is never let in without being named, and once it is in, it may. */
  readonly servicos?: readonly string[];
  /**
   * What the handler decides by the thing itself; left out where an answer is about the caller alone, or the same for all.
   * Declared here to be read and proven: only the handler knows whose a thing is.
   */
  readonly respostas?: Respostas;
}

/** Who may call a method. `PUBLICO`: anyone, a token is not even read. `AUTENTICADO`: any user, and neither a service nor an API key. */
export type Acesso = 'PUBLICO' | 'AUTENTICADO' | Regra;

/** The same rule, which lets in by API keys, too: by those that have the scope. */
export function comEscopo(escopo: Escopo, regra: Regra): Regra {
  return { ...regra, escopo };
}

/** Who may call each method of a service: its part of the table in docs/security/access.md. */
export type AcessoDe<S extends DescService> = Readonly<Record<keyof S['method'], Acesso>>;

/** What a check of rights may know of a call. */
export type ChamadaAutenticada = Pick<HandlerContext, 'values'>;

/**
 * Rights that a handler looks up itself, such as the spaces of a GESTOR: they may be gone when a call comes again under
 * its `Idempotency-Key`. Each check is made before the call is answered from its effect, and throws what the handler
 * would; methods whose access rule says all need none.
 */
export type Direitos<S extends DescService> = {
  readonly [K in keyof S['method']]?: (
    request: MessageShape<S['method'][K]['input']>,
    chamada: ChamadaAutenticada,
  ) => Promise<void>;
};

/** A call whose effect is there, as far as its answer may depend on it. */
export type ChamadaRepetida = Pick<HandlerContext, 'values' | 'requestHeader' | 'responseHeader' | 'signal'>;

/** Why a call may simply be carried out again: it claims no key. */
interface Harmless {
  readonly porque: string;
}

/**
 * How a call is answered that comes again under its `Idempotency-Key`: by a loader, from the name of the effect that its
 * first transaction has claimed the key for, with what the method answers for it now; or, by being carried out again.
 */
export type Repeats<S extends DescService> = {
  readonly [K in keyof S['method']]?:
    | ((
        efeito: string,
        request: MessageShape<S['method'][K]['input']>,
        chamada: ChamadaRepetida,
      ) => Promise<MessageInitShape<S['method'][K]['output']>>)
    | Harmless;
};

type Loader = (
  efeito: string,
  request: Message,
  chamada: ChamadaRepetida,
) => Promise<MessageInitShape<DescMessage>>;

/** For a method that changes nothing the second time, and undoes nothing of what others did in between. */
export function harmless(porque: string): Harmless {
  return { porque };
}

/** One method as both listeners and the interceptors see it. */
export interface RpcMethod {
  readonly spec: MethodImplSpec;
  readonly acesso: Acesso;
  /** See {@link Direitos}. */
  readonly direito?: (request: Message, chamada: ChamadaAutenticada) => Promise<void>;
  /** See {@link Repeats}. */
  readonly load?: (efeito: string, request: Message, chamada: ChamadaRepetida) => Promise<Message>;
  /** See {@link MostraDe}. */
  readonly mostra?: Mostra;
  readonly implemented: boolean;
}

type UnaryCall = (request: UnaryRequest) => Promise<UnaryResponse>;

/** What stands in front of the handlers of a service. */
export type UnaryInterceptor = (next: UnaryCall) => UnaryCall;

/** A service with its handlers and access rules, ready to be served. */
export interface RpcService {
  readonly service: DescService;
  readonly methods: readonly RpcMethod[];
}

/** A listener that serves them. */
export interface RunningServer {
  readonly port: number;
  /** Refuses new calls and resolves when those in flight are answered, or cut off after 10 s. */
  close(): Promise<void>;
}

/**
 * Binds handlers and access rules to a service. A method without an access rule does not compile; with a method
 * without a handler no service starts ({@link requireHandlers}): stand-ins of specs answer it as one that there is not.
 *
 * @throws Error for a method that changes something and does not say how it is repeated; where no caller is known there is no key.
 * For a check of rights that would never be made, too: what is carried out again asks by itself.
 */
export function rpcService<S extends DescService>(
  service: S,
  options: {
    acesso: AcessoDe<S>;
    direitos?: Direitos<S>;
    repeats?: Repeats<S>;
    mostra?: MostraDe<S>;
    impl: Partial<ServiceImpl<S>>;
  },
): RpcService {
  const specs = createServiceImplSpec<S>(service, options.impl);
  const acesso: Readonly<Record<string, Acesso>> = options.acesso;
  // A check, a loader and a `mostra` take the messages of their own method, which are those that they are called with.
  const direitos = (options.direitos ?? {}) as Readonly<Record<string, RpcMethod['direito']>>;
  const repeats = (options.repeats ?? {}) as Readonly<Record<string, Loader | Harmless>>;
  const mostras = (options.mostra ?? {}) as Readonly<Record<string, Mostra>>;
  const impl: Readonly<Record<string, unknown>> = options.impl;
  const methods = service.methods.map((method) => {
    const implemented = typeof impl[method.localName] === 'function';
    const rule = acesso[method.localName];
    const spec = specs.methods[method.localName];
    if (rule === undefined || spec === undefined) {
      throw new Error(`${methodName(method)} has no access rule`);
    }
    const direito = direitos[method.localName];
    const repeat = repeats[method.localName];
    const mostra = mostras[method.localName];
    const takesKeys = implemented && rule !== 'PUBLICO' && method.methodKind === 'unary' && !isRead(method);
    if (takesKeys && repeat === undefined)
      throw new Error(`${methodName(method)} does not say how it is repeated`);
    if (direito && typeof repeat !== 'function')
      throw new Error(`${methodName(method)} is carried out again and never asks for its rights before`);
    return {
      ...{ spec: answeringWhole(spec), acesso: rule, implemented },
      ...(direito && { direito }),
      ...(mostra && { mostra }),
      ...(typeof repeat === 'function' && {
        load: async (...call: Parameters<typeof repeat>) => create(method.output, await repeat(...call)),
      }),
    };
  });
  return { service, methods };
}

/** `package.Service/Method`, as it appears in paths, logs and metrics. */
export function methodName(method: DescMethod): string {
  return `${method.parent.typeName}/${method.name}`;
}

/** Whether the contract says that the method changes nothing. */
export function isRead(method: DescMethod): boolean {
  return method.idempotency === MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS;
}

/** The answer to a method without a handler: the same as to one that is in no contract. */
export function notServed(method: DescMethod) {
  const metodo = methodName(method);
  return rpcError(Code.Unimplemented, 'ROTA_INEXISTENTE', 'Este endereço não existe.', { metodo });
}

/** @throws Error naming each method that the contracts have and nothing serves */
export function requireHandlers(services: readonly RpcService[]): void {
  const open = services.flatMap(({ methods }) => methods).filter(({ implemented }) => !implemented);
  if (open.length === 0) return;
  throw new Error(`no handler for ${open.map(({ spec }) => methodName(spec.method)).join(', ')}`);
}
