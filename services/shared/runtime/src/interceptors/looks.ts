import type { DescMethod } from '@bufbuild/protobuf';
import type { AdminLooks } from '../audit/admin-looks.ts';
import { principalKey } from '../rpc/principal.ts';
import { methodName, type RpcMethod, type UnaryInterceptor } from '../rpc/rpc.ts';

/**
 * Records what an administrator is shown of other people before the answer leaves: reads, and what a change answers, also when
 * it comes again under its key. A call of anybody else costs nothing.
 *
 * @throws Error for a method that people may call and that does not say whose data it shows
 */
export function looks(deps: {
  looks: Pick<AdminLooks, 'concerns' | 'shown'>;
  methods: ReadonlyMap<DescMethod, RpcMethod>;
}): UnaryInterceptor {
  for (const [method, { acesso, mostra }] of deps.methods) {
    const forPeople = acesso === 'AUTENTICADO' || (acesso !== 'PUBLICO' && acesso.papeis !== undefined);
    if (forPeople && mostra === undefined)
      throw new Error(`${methodName(method)} does not say whose data it shows`);
  }
  return (next) => async (req) => {
    const res = await next(req);
    const { contextValues: values, header: requestHeader, method, message } = req;
    const mostra = deps.methods.get(method)?.mostra;
    if (typeof mostra !== 'function' || !deps.looks.concerns(values.get(principalKey))) return res;
    const chamada = { values, requestHeader };
    await deps.looks.shown(mostra(message, res.message, chamada), methodName(method), chamada);
    return res;
  };
}
