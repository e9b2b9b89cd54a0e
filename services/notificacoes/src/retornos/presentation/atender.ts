import { Code } from '@connectrpc/connect';
import { rpcError } from '@plataforma/runtime/errors';
import type { HttpRoute } from '@plataforma/runtime/http-routes';
import type { LeitorDeRetornos } from '../application/ports.ts';
import type { ReceberRetornosHandler } from '../application/receber-retornos.ts';

type Handle = HttpRoute['handle'];

export interface Deps {
  readonly receber: Pick<ReceberRetornosHandler, 'execute'>;
  readonly leitor: LeitorDeRetornos;
}

/**
 * Takes what a provider tells, once it has proved that it is the provider, and says so when it is kept. What is refused is told again,
 * for a day or more.
 */
export function atender({ receber, leitor }: Deps): Handle {
  return async (pedido) => {
    if (await receber.execute(leitor, pedido)) return { status: 200 };
    throw assinaturaInvalida();
  };
}

/** Whoever sends it is not told what of it is wrong. */
export const assinaturaInvalida = (): Error =>
  rpcError(
    Code.InvalidArgument,
    'ASSINATURA_INVALIDA',
    'A assinatura não confere, o horário está fora da tolerância ou o conteúdo não é o esperado.',
  );
