import { Result } from '@plataforma/domain/result';
import { UltimoAdminError } from '../../contas/domain/recusa.ts';
import { administraAtivo, type Usuario } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { AutorDaRemocao, Remocao } from '../domain/remocao.ts';
import type { Transacao } from './ports.ts';

interface Pedido {
  readonly autorId: string;
  readonly por: AutorDaRemocao;
  readonly protocolo: string;
  readonly origem: Origem;
  readonly em: Date;
}

/**
 * Removes an account that is locked for it, unless nobody would administer the platform then. It asks nothing of the other
 * services: whatever they have to finish first (a refund on its way, a reservation to come), they do it by themselves. What
 * events have said of the person cannot be read any more, wherever it is.
 */
export async function remover(
  { usuarios, remocoes, auditoria, chavesPessoais }: Transacao,
  usuario: Usuario,
  { autorId, por, protocolo, origem, em }: Pedido,
): Promise<Result<Remocao, UltimoAdminError>> {
  const { id: usuarioId } = usuario.estado;
  if (administraAtivo(usuario.estado) && (await usuarios.outrosAdmins(usuarioId)) === 0)
    return Result.fail(new UltimoAdminError());
  const remocao = { usuarioId, protocolo, por, pedidoEm: em, concluidaEm: undefined };
  await auditoria.registrar({
    ...{ tipo: 'CONTA_REMOVIDA', resultado: 'FEITO', autorId, usuarioId, origem, em },
  });
  await remocoes.remover(remocao);
  await chavesPessoais.destruir(usuarioId, em);
  return Result.ok(remocao);
}
