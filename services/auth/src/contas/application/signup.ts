import type { Clock } from '@plataforma/domain/clock';
import { type IdGenerator, withNewId } from '@plataforma/domain/id';
import { Result } from '@plataforma/domain/result';
import { normalizarTexto } from '@plataforma/domain/texto';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Attempts, PasswordHasher, PasswordPolicy } from '../../credenciais/application/ports.ts';
import { MuitasTentativasError, type SenhaFracaError } from '../../credenciais/domain/recusa.ts';
import { EmailJaCadastradoError, type NomeInvalidoError } from '../domain/recusa.ts';
import { normalizarEmail, type Papel, Usuario } from '../domain/usuario.ts';
import type { CodigosDeEmail, ConsultaDeUsuarios, Transacao } from './ports.ts';

/** Opens an account. */
export interface SignupCommand {
  readonly nome: string;
  readonly email: string;
  readonly senha: string;
  readonly papeis: readonly Papel[];
  /** For an address that needs no proof. */
  readonly emailVerificado?: boolean;
  /** Network address of the client; none when the installation makes the account itself. */
  readonly endereco?: string;
  /** `Idempotency-Key` of the call. */
  readonly chave?: string;
}

/** The account, and whether it had been opened by the same sign-up before. */
export interface SignedUp {
  readonly usuario: Usuario;
  readonly repetido: boolean;
}

type SignupRefused = SenhaFracaError | EmailJaCadastradoError | MuitasTentativasError | NomeInvalidoError;

interface Deps {
  readonly consulta: ConsultaDeUsuarios;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly policy: PasswordPolicy;
  readonly hasher: PasswordHasher;
  readonly codigos: CodigosDeEmail;
  readonly attempts: Attempts;
  readonly ids: IdGenerator;
  readonly clock: Clock;
}

/** As long as answers are kept under a key elsewhere. */
const REPEATABLE_MS = 24 * 3_600_000;

export class SignupHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: SignupCommand): Promise<Result<SignedUp, SignupRefused>> {
    const { policy, hasher, attempts } = this.#deps;
    const { endereco } = command;
    const wait = endereco === undefined ? 0 : await attempts.begin({ endereco });
    if (wait > 0) return Result.fail(new MuitasTentativasError(wait));
    const senha = policy.check(command.senha, command);
    if (senha.isFailure) return senha;
    const repetido = await this.#repeated(command);
    if (repetido) return Result.ok(repetido);
    const senhaHash = await hasher.hash(command.senha, endereco ?? '');
    return this.#open(command, senhaHash);
  }

  #open(command: SignupCommand, senhaHash: string): Promise<Result<SignedUp, SignupRefused>> {
    const { uow, ids } = this.#deps;
    return withNewId(ids, 'cli', async (id) => {
      const aberta = await uow.run(async ({ usuarios }) => {
        const registrado = this.#registrar(command, id, senhaHash);
        if (registrado.isFailure) return registrado;
        return (await usuarios.add(registrado.value, command.chave)) ? registrado : undefined;
      });
      if (aberta) return aberta.isFailure ? aberta : Result.ok({ usuario: aberta.value, repetido: false });
      // It may be this very sign-up, which came twice at once.
      const repetido = await this.#repeated(command);
      return repetido ? Result.ok(repetido) : Result.fail(new EmailJaCadastradoError());
    });
  }

  /**
   * The same sign-up, with the same key, is answered with its account again. A caller that does not know everything
   * that was sent, key and password too, learns no more than that the address is taken.
   */
  async #repeated(command: SignupCommand): Promise<SignedUp | undefined> {
    const { consulta, hasher, clock } = this.#deps;
    const { chave } = command;
    if (chave === undefined) return undefined;
    const cadastro = { chave, nome: normalizarTexto(command.nome), email: normalizarEmail(command.email) };
    const desde = new Date(clock.now().getTime() - REPEATABLE_MS);
    const usuario = await consulta.abertaCom(cadastro, desde);
    if (!usuario?.estado.ativo) return undefined;
    const same = await hasher.verify(usuario.estado.senhaHash, command.senha, command.endereco ?? '');
    return same ? { usuario, repetido: true } : undefined;
  }

  #registrar(command: SignupCommand, id: string, senhaHash: string): Result<Usuario, NomeInvalidoError> {
    const { codigos, clock } = this.#deps;
    const em = clock.now();
    const conta = { usuarioId: id, email: normalizarEmail(command.email) };
    const codigoVerificacao = command.emailVerificado ? undefined : codigos.emitir(conta, em);
    return Usuario.registrar({ ...command, id, senhaHash, codigoVerificacao, em });
  }
}
