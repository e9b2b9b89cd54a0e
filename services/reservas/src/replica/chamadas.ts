import { AsyncLocalStorage } from 'node:async_hooks';
import { MethodOptions_IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import type { HandlerContext, MethodImplSpec } from '@connectrpc/connect';
import { principalOf } from '@plataforma/runtime/principal';
import type { ChamadaAutenticada, RpcMethod, RpcService } from '@plataforma/runtime/rpc';
import type { Agendas } from '../agenda/application/ports.ts';
import { doAutor, doEspaco, type Marcas } from './marcas.ts';

/** What the reads of a call have to see. */
export interface Chamada {
  /** A call that changes something decides by the primary alone. */
  readonly escreve: boolean;
  readonly chaves: readonly string[];
}

const chamadas = new AsyncLocalStorage<Chamada>();

/** A read outside of any call has to see nothing in particular. */
export function chamadaAtual(): Chamada {
  return chamadas.getStore() ?? { escreve: false, chaves: [] };
}

/** The service, whose callers read what they have written: on every method the contract does not call free of effects. */
export function comMarcasDoAutor(service: RpcService, marcas: Pick<Marcas, 'avancar'>): RpcService {
  const methods = service.methods.map((method) => ({
    ...method,
    spec: marcada(method.spec, marcas),
    ...(method.direito && { direito: peloPrimario(method.direito) }),
    ...(method.load && { load: comoEscrita(method.load, marcas) }),
  }));
  return { ...service, methods };
}

/** A right that has been taken away is looked up where it was. */
function peloPrimario(direito: NonNullable<RpcMethod['direito']>): NonNullable<RpcMethod['direito']> {
  return (request, chamada) => chamadas.run({ escreve: true, chaves: [] }, () => direito(request, chamada));
}

/** What an earlier attempt has written is its caller's, whose own mark it may not have reached. */
function comoEscrita(
  load: NonNullable<RpcMethod['load']>,
  marcas: Pick<Marcas, 'avancar'>,
): NonNullable<RpcMethod['load']> {
  return (efeito, request, chamada) => escrevendo(chamada, marcas, () => load(efeito, request, chamada));
}

/** A call that changes something decides by the primary alone, and its caller reads what it has written. */
async function escrevendo<T>(
  chamada: ChamadaAutenticada,
  marcas: Pick<Marcas, 'avancar'>,
  chamar: () => Promise<T> | T,
): Promise<T> {
  try {
    return await chamadas.run({ escreve: true, chaves: [] }, chamar);
  } finally {
    // Also after a failure: something may have been committed before it.
    await marcas.avancar([doAutor(principalOf(chamada).id)]);
  }
}

function marcada(spec: MethodImplSpec, marcas: Pick<Marcas, 'avancar'>): MethodImplSpec {
  if (spec.kind !== 'unary') return spec;
  const escreve = spec.method.idempotency !== MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS;
  return {
    ...spec,
    async impl(request: Parameters<typeof spec.impl>[0], context: HandlerContext) {
      const chamar = () => spec.impl(request, context);
      if (escreve) return escrevendo(context, marcas, chamar);
      return chamadas.run({ escreve, chaves: [doAutor(principalOf(context).id)] }, chamar);
    },
  };
}

/** Agendas that show every change of the space, their caller's own included: what is read here is cached for everybody. */
export function comMarcaDoEspaco(origem: Agendas): Agendas {
  return {
    entre(espacoId, de, ate) {
      const { escreve } = chamadaAtual();
      return chamadas.run({ escreve, chaves: [doEspaco(espacoId)] }, () => origem.entre(espacoId, de, ate));
    },
  };
}
