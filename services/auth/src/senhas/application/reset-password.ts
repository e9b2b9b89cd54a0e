import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Auditoria } from '../../auditoria/application/ports.ts';
import type { TipoAviso } from '../../avisos/domain/aviso.ts';
import { type ConsultaDeUsuarios, EmailDeOutraContaError } from '../../contas/application/ports.ts';
import { CodigoEmailInvalidoError } from '../../contas/domain/recusa.ts';
import { podeEntrar, type Usuario } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { Attempts, PasswordHasher, PasswordPolicy } from '../../credenciais/application/ports.ts';
import { MuitasTentativasError, type SenhaFracaError } from '../../credenciais/domain/recusa.ts';
import { vigiadoDesde } from '../../fatores/domain/so-senha.ts';
import { revogarDaConta } from '../../integracoes/application/revogar-chaves.ts';
import { type Redefinicao, redefinicaoVale } from '../domain/redefinicao.ts';
import type { ConsultaDeRedefinicoes, Transacao } from './ports.ts';

export interface ResetPasswordCommand {
  readonly codigo: string;
  readonly senhaNova: string;
  readonly origem: Origem;
}

interface Deps {
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById'>;
  readonly redefinicoes: ConsultaDeRedefinicoes;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly policy: PasswordPolicy;
  readonly hasher: PasswordHasher;
  readonly attempts: Attempts;
  readonly auditoria: Auditoria;
  readonly clock: Clock;
}

type Refused = CodigoEmailInvalidoError | SenhaFracaError | MuitasTentativasError;

/**
 * Sets a new password for whoever reads what is sent to the address of an account. Opens no session, so a second factor is
 * still asked for. Ends all that are open. What whoever had stolen the password before can have added by it goes, factors of
 * the last days, links and API keys of any age: it would keep the owner out, or let the thief in. By a code that went to an address which
 * the password alone has taken from the account, that is given back, and all factors and keys go, and links since then. The same call again,
 * whose answer was lost, finds the password that it has set.
 */
export class ResetPasswordHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** A code that is not taken is recorded, for the account that it was made for if there is one. */
  async execute(command: ResetPasswordCommand): Promise<Result<void, Refused>> {
    const { redefinicoes, auditoria, clock } = this.#deps;
    const feita = await this.#execute(command);
    if (feita.isFailure && feita.error instanceof CodigoEmailInvalidoError) {
      const usuarioId = (await redefinicoes.findByCode(command.codigo))?.usuarioId;
      const evento = { tipo: 'SENHA_REDEFINIDA', resultado: 'RECUSADO', usuarioId } as const;
      await auditoria.registrar({ ...evento, origem: command.origem, em: clock.now() });
    }
    return feita;
  }

  async #execute({ codigo, senhaNova, origem }: ResetPasswordCommand): Promise<Result<void, Refused>> {
    const { policy, hasher, attempts, clock } = this.#deps;
    const { endereco } = origem;
    const wait = await attempts.begin({ endereco });
    if (wait > 0) return Result.fail(new MuitasTentativasError(wait));
    const valida = await this.#find(codigo, clock.now());
    if (valida === undefined) return Result.fail(new CodigoEmailInvalidoError());
    const { redefinicao, usuario } = valida;
    if (redefinicao.usadoEm) return this.#repeated(usuario, senhaNova, endereco);
    const { nome } = usuario.estado;
    const avaliada = policy.check(senhaNova, { nome, email: redefinicao.email });
    if (avaliada.isFailure) return avaliada;
    const senhaHash = await hasher.hash(senhaNova, endereco);
    const feita = await this.#redefinir(redefinicao, senhaHash, origem).catch((error: unknown) => {
      // Another account has verified the address since the code was mailed.
      if (error instanceof EmailDeOutraContaError) return Result.fail(new CodigoEmailInvalidoError());
      throw error;
    });
    // Whoever reads the mail of the account is at home there, however many strangers try its password.
    if (feita.isSuccess) await attempts.succeeded({ endereco, email: redefinicao.email }, true);
    return feita;
  }

  async #find(codigo: string, em: Date): Promise<{ redefinicao: Redefinicao; usuario: Usuario } | undefined> {
    const { consulta, redefinicoes } = this.#deps;
    const redefinicao = await redefinicoes.findByCode(codigo);
    if (redefinicao === undefined) return undefined;
    const usuario = await consulta.findById(redefinicao.usuarioId);
    if (!usuario || !podeEntrar(usuario.estado) || !redefinicaoVale(redefinicao, usuario.estado, em))
      return undefined;
    return { redefinicao, usuario };
  }

  /** As every try of a password it counts against the account: a code that is used is no way to try many. */
  async #repeated(usuario: Usuario, senhaNova: string, endereco: string): Promise<Result<void, Refused>> {
    const { hasher, attempts } = this.#deps;
    const { email, senhaHash } = usuario.estado;
    const wait = await attempts.begin({ endereco, email });
    if (wait > 0) return Result.fail(new MuitasTentativasError(wait));
    if (!(await hasher.verify(senhaHash, senhaNova, endereco)))
      return Result.fail(new CodigoEmailInvalidoError());
    await attempts.succeeded({ endereco, email }, usuario.estado.emailVerificado);
    return Result.ok(undefined);
  }

  #redefinir(
    redefinicao: Redefinicao,
    senhaHash: string,
    origem: Origem,
  ): Promise<Result<void, CodigoEmailInvalidoError>> {
    const { uow, clock } = this.#deps;
    const { usuarioId } = redefinicao;
    const em = clock.now();
    return uow.run(async (tx) => {
      const { usuarios, redefinicoes, avisos } = tx;
      const usuario = await usuarios.findToChange(usuarioId);
      const vale = usuario && podeEntrar(usuario.estado) && redefinicaoVale(redefinicao, usuario.estado, em);
      if (!vale || !(await redefinicoes.usar(redefinicao, em)))
        return Result.fail(new CodigoEmailInvalidoError());
      const { email: antes } = usuario.estado;
      usuario.redefinirSenha(senhaHash, redefinicao.email, em);
      await usuarios.save(usuario);
      const retirados = await retirar(tx, redefinicao, em);
      await revogarDaConta(tx, redefinicao.voltaAte ? 'TODAS' : 'SO_SENHA', { usuarioId, origem, em });
      for (const tipo of ['SENHA_REDEFINIDA' as const, ...retirados])
        await avisos.avisar({ usuarioId, tipo, origem, em });
      if (antes !== redefinicao.email)
        await avisos.avisar({ usuarioId, tipo: 'EMAIL_DEVOLVIDO', email: antes, origem, em });
      return Result.ok(undefined);
    });
  }
}

/** Answers what the owner is to be told. */
async function retirar(
  { segundoFator, vinculos }: Transacao,
  { usuarioId, voltaAte }: Redefinicao,
  em: Date,
): Promise<readonly TipoAviso[]> {
  // When the address was left no factor was there that proved more than the password: all are of that time or later.
  const fatores = await (voltaAte
    ? segundoFator.retirar(usuarioId)
    : segundoFator.retirarSoSenha(usuarioId, em));
  const desvinculado = await vinculos.removerSoSenha(usuarioId, voltaAte && vigiadoDesde(voltaAte));
  return desvinculado ? [...fatores, 'GOOGLE_DESVINCULADO'] : fatores;
}
