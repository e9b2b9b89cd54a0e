import { AsyncLocalStorage } from 'node:async_hooks';
import { MethodOptions_IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import type { HandlerContext, MethodImplSpec } from '@connectrpc/connect';
import { principalOf } from '@plataforma/runtime/principal';
import type { RpcMethod, RpcService } from '@plataforma/runtime/rpc';
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
  }));
  return { ...service, methods };
}

/** A right that has been taken away is looked up where it was. */
function peloPrimario(direito: NonNullable<RpcMethod['direito']>): NonNullable<RpcMethod['direito']> {
  return (request, chamada) => chamadas.run({ escreve: true, chaves: [] }, () => direito(request, chamada));
}

function marcada(spec: MethodImplSpec, marcas: Pick<Marcas, 'avancar'>): MethodImplSpec {
  if (spec.kind !== 'unary') return spec;
  const escreve = spec.method.idempotency !== MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS;
  return {
    ...spec,
    async impl(request: Parameters<typeof spec.impl>[0], context: HandlerContext) {
      const chave = doAutor(principalOf(context).id);
      const chamar = () => spec.impl(request, context);
      if (!escreve) return chamadas.run({ escreve, chaves: [chave] }, chamar);
      try {
        return await chamadas.run({ escreve, chaves: [] }, chamar);
      } finally {
        // Also after a failure: something may have been committed before it.
        await marcas.avancar([chave]);
      }
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
