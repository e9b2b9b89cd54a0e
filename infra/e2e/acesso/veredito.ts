import type { JsonObject } from '@bufbuild/protobuf';
import type { AccessRow } from '@plataforma/dev/access/table';
import type { Cena, Objetos } from './cena.ts';
import type { Desfecho } from './portas.ts';
import type { Esperado, Quem } from './quem.ts';

const RECUSAS = ['NAO_AUTENTICADO', 'TOKEN_INVALIDO', 'ACESSO_NEGADO'];

const SALDO = /"centavos":\s*"?[1-9]/;

/** What only the owner and those who answer for it may read in an answer of a list. */
function marcaDe({ method }: AccessRow, { clienteId }: Objetos): RegExp {
  return method.name === 'ObterCreditos' ? SALDO : new RegExp(clienteId);
}

/**
 * What is wrong with how a call ended; undefined when it ended as the table says.
 *
 * @param naBorda the gateway was before the service: it refuses tokens in its own words
 */
export function erroDe(
  linha: AccessRow,
  esperado: Esperado,
  desfecho: Desfecho,
  { objetos, naBorda }: { readonly objetos: Objetos; readonly naBorda: boolean },
): string | undefined {
  const { codigo, motivo, texto } = desfecho;
  const foi = `${codigo} ${motivo}`.trim();
  const certo = (yes: boolean) => (yes ? undefined : `expected ${esperado}, was ${foi}: ${texto}`);
  switch (esperado) {
    case 'NAO_AUTENTICADO':
    case 'TOKEN_INVALIDO':
      return certo(codigo === 'Unauthenticated' && (motivo === esperado || (naBorda && motivo === '')));
    case 'NEGADO':
      return certo(foi === 'PermissionDenied ACESSO_NEGADO' || semObjeto(linha, desfecho));
    case 'NAO_ENCONTRADO':
      return certo((codigo === 'NotFound' && motivo !== '') || semObjeto(linha, desfecho));
    case 'OMITIDO':
      return certo(codigo === 'OK' && !marcaDe(linha, objetos).test(texto));
    case 'PODE':
      return certo(foiAtendido(linha, desfecho, objetos));
  }
}

/** What is not built yet has decided nothing by a thing, and told nothing of it. */
function semObjeto({ acesso }: AccessRow, { motivo }: Desfecho): boolean {
  return typeof acesso !== 'string' && acesso.respostas !== undefined && motivo === 'NAO_IMPLEMENTADO';
}

/** Whatever else may be wrong with the request, it was not the caller. */
function foiAtendido(linha: AccessRow, { codigo, motivo, texto }: Desfecho, objetos: Objetos): boolean {
  if (codigo === 'Internal' || codigo === 'Unknown' || codigo === 'Unavailable') return false;
  if (RECUSAS.includes(motivo) || (codigo === 'Unauthenticated' && motivo === '')) return false;
  const outros = typeof linha.acesso === 'string' ? undefined : linha.acesso.respostas?.OUTROS;
  if (outros === 'NAO_ENCONTRADO') return codigo !== 'NotFound';
  return outros !== 'OMITIDO' || (codigo === 'OK' && marcaDe(linha, objetos).test(texto));
}

/** What a caller was told of the owner beyond what the request itself has named; undefined for nothing. */
export function vazamento(
  quem: Quem,
  { dono, objetos }: Cena,
  pedido: JsonObject,
  { texto }: Desfecho,
): string | undefined {
  if (quem.parte === 'DONO' || quem.parte === 'ADMIN') return undefined;
  const { clienteId, reservaId, pagamentoId, serieId, entradaId, calendarioId, sessaoId } = objetos;
  const doDono = [clienteId, reservaId, pagamentoId, serieId, entradaId, calendarioId, sessaoId];
  const segredos = quem.parte === 'GESTOR_DO_ESPACO' ? [dono.email] : [dono.email, ...doDono];
  const dito = JSON.stringify(pedido);
  const contado = segredos.find((segredo) => texto.includes(segredo) && !dito.includes(segredo));
  return contado && `was told ${contado}: ${texto}`;
}
