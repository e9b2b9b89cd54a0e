import { vigiadoAte } from '../../fatores/domain/so-senha.ts';
import type { TrocaDeEmail } from './troca-de-email.ts';

/**
 * An address that an account had until its password alone has changed it. Until `venceEm` a new password that is asked for with
 * it gives it back, and no other account can have it.
 */
export interface EnderecoDeixado {
  readonly usuarioId: string;
  readonly email: string;
  readonly deixadoEm: Date;
  readonly venceEm: Date;
}

/** What the account leaves as a way back, and until when. */
interface Saida {
  readonly soSenha: TrocaDeEmail['soSenha'];
  /** Whether whoever reads there has proved to be the owner of the account. */
  readonly emailVerificado: boolean;
  /** The way back that is open already. */
  readonly aberto: EnderecoDeixado | undefined;
}

/**
 * Until when the account can come back to the address that it leaves now; undefined: not at all. The first address stands: a
 * thief who goes on to another one does not push out the owner's, and an owner who comes back leaves the thief none.
 */
export function voltaAte({ soSenha, emailVerificado, aberto }: Saida, em: Date): Date | undefined {
  return soSenha && emailVerificado && !aberto ? vigiadoAte(em) : undefined;
}
