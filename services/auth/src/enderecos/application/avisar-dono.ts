import type { Aviso } from '../../avisos/domain/aviso.ts';
import type { EstadoUsuario } from '../../contas/domain/usuario.ts';
import type { Transacao } from './ports.ts';

/**
 * Tells the owner at the address that the account has until now; who has not proved it is told nothing there, as it may be
 * somebody else's. It is recorded in any case.
 */
export async function avisarDono(
  { avisos, auditoria }: Pick<Transacao, 'avisos' | 'auditoria'>,
  { id: usuarioId, email, emailVerificado }: Pick<EstadoUsuario, 'id' | 'email' | 'emailVerificado'>,
  aviso: Pick<Aviso, 'origem' | 'em' | 'voltaAte'> & {
    readonly tipo: 'EMAIL_ALTERACAO_PEDIDA' | 'EMAIL_ALTERADO';
  },
): Promise<void> {
  if (emailVerificado) {
    await avisos.avisar({ ...aviso, usuarioId, email });
  } else {
    const { tipo, origem, em } = aviso;
    await auditoria.registrar({ tipo, origem, em, usuarioId, autorId: usuarioId, resultado: 'FEITO' });
  }
}
