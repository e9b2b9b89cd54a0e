import { Result } from '@plataforma/domain/result';
import { MuitasTentativasError } from '../../credenciais/domain/recusa.ts';

/** Another address that an account waits for: the last one that was asked for. */
export interface TrocaDeEmail {
  readonly usuarioId: string;
  /** What is kept of the code that went to the new address. */
  readonly codigoHash: Buffer;
  /** Address that the account had then. */
  readonly de: string;
  readonly para: string;
  /** Whether nothing was proved for it but the password, or a login, as whoever has stolen that can. */
  readonly soSenha: boolean;
  /** Generation of its sessions then: with another password or second factor the code is void. */
  readonly geracao: number;
  /** So many the account has asked for. */
  readonly numero: number;
  readonly venceEm: Date;
  readonly usadoEm: Date | undefined;
  /** When {@link DE_UMA_VEZ} codes may be mailed again. */
  readonly livreEm: Date;
}

const VALE_MS = 30 * 60_000;
/** So many at once, then one each time that one expires: nobody fills a stranger's mailbox with them. */
const DE_UMA_VEZ = 3;

type Conta = Pick<TrocaDeEmail, 'usuarioId' | 'de' | 'para' | 'soSenha' | 'geracao' | 'codigoHash'>;

/** What the account waits for next; refused with the time to wait when it has asked often enough for now. */
export function pedirTroca(
  anterior: TrocaDeEmail | undefined,
  nova: Conta,
  em: Date,
): Result<TrocaDeEmail, MuitasTentativasError> {
  const livre = Math.max(em.getTime(), anterior?.livreEm.getTime() ?? 0) + VALE_MS;
  const cedo = livre - em.getTime() - DE_UMA_VEZ * VALE_MS;
  if (cedo > 0) return Result.fail(new MuitasTentativasError(Math.ceil(cedo / 1_000)));
  return Result.ok({
    ...nova,
    numero: (anterior?.numero ?? 0) + 1,
    venceEm: new Date(em.getTime() + VALE_MS),
    usadoEm: undefined,
    livreEm: new Date(livre),
  });
}

interface ContaAgora {
  readonly email: string;
  readonly emailVerificado: boolean;
  readonly geracaoSessoes: number;
}

/** Whether the code gives the account its address now. */
export function trocaVale(troca: TrocaDeEmail, { email, geracaoSessoes }: ContaAgora, em: Date): boolean {
  const { usadoEm, venceEm, de, geracao } = troca;
  return usadoEm === undefined && em < venceEm && email === de && geracaoSessoes === geracao;
}

/** Whether it has done so before, and that is still true: the call came again. */
export function trocaFeita({ usadoEm, venceEm, para }: TrocaDeEmail, conta: ContaAgora, em: Date): boolean {
  return usadoEm !== undefined && em < venceEm && conta.email === para && conta.emailVerificado;
}
