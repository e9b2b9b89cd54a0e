import type { JsonObject } from '@bufbuild/protobuf';
import type { AccessRow } from '@plataforma/dev/access/table';
import type { Caller, Expected } from './callers.ts';
import type { Scene, Things } from './scene.ts';
import type { Outcome } from './transports.ts';

const REFUSALS = ['NAO_AUTENTICADO', 'TOKEN_INVALIDO', 'ACESSO_NEGADO'];

const SALDO = /"centavos":\s*"?[1-9]/;

/** What only the owner and those who answer for it may read in an answer of a list. */
function markOf({ method }: AccessRow, { clienteId }: Things): RegExp {
  return method.name === 'ObterCreditos' ? SALDO : new RegExp(clienteId);
}

/** What is wrong with how a call ended; undefined when it ended as the table says. */
export function errorOf(
  row: AccessRow,
  expected: Expected,
  outcome: Outcome,
  { things }: { readonly things: Things },
): string | undefined {
  const { code, motivo, text } = outcome;
  const was = `${code} ${motivo}`.trim();
  const right = (yes: boolean) => (yes ? undefined : `expected ${expected}, was ${was}: ${text}`);
  switch (expected) {
    case 'NAO_AUTENTICADO':
    case 'TOKEN_INVALIDO':
      return right(was === `Unauthenticated ${expected}`);
    case 'NEGADO':
      return right(was === 'PermissionDenied ACESSO_NEGADO');
    case 'NAO_ENCONTRADO':
      return right(code === 'NotFound' && motivo !== '');
    case 'OMITIDO':
      return right(code === 'OK' && !markOf(row, things).test(text));
    case 'PODE':
      return right(wasServed(row, outcome, things));
  }
}

/** Whatever else may be wrong with the request, it was not the caller. */
function wasServed(row: AccessRow, { code, motivo, text }: Outcome, things: Things): boolean {
  if (code === 'Internal' || code === 'Unknown' || code === 'Unavailable') return false;
  if (REFUSALS.includes(motivo)) return false;
  const others = typeof row.acesso === 'string' ? undefined : row.acesso.respostas?.OUTROS;
  if (others === 'NAO_ENCONTRADO') return code !== 'NotFound';
  return others !== 'OMITIDO' || (code === 'OK' && markOf(row, things).test(text));
}

/** What a caller was told of the owner beyond what the request itself has named; undefined for nothing. */
export function leak(
  caller: Caller,
  { dono, things }: Scene,
  request: JsonObject,
  { text }: Outcome,
): string | undefined {
  if (caller.parte === 'DONO' || caller.parte === 'ADMIN') return undefined;
  const { clienteId, reservaId, pagamentoId, serieId, entradaId, calendarioId, sessaoId } = things;
  const owned = [clienteId, reservaId, pagamentoId, serieId, entradaId, calendarioId, sessaoId];
  const secrets = caller.parte === 'GESTOR_DO_ESPACO' ? [dono.email] : [dono.email, ...owned];
  const said = JSON.stringify(request);
  const told = secrets.find((secret) => text.includes(secret) && !said.includes(secret));
  return told && `was told ${told}: ${text}`;
}
