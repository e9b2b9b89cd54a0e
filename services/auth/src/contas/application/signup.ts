import type { Clock } from '@plataforma/domain/clock';
import type { IdGenerator } from '@plataforma/domain/id';
import { Result } from '@plataforma/domain/result';
import { normalizarTexto } from '@plataforma/domain/texto';
import { MuitasTentativasError } from '../../contrato/domain/recusa.ts';
import type { Attempts, PasswordHasher } from '../../credenciais/application/ports.ts';
import type { SenhaFracaError } from '../../credenciais/domain/recusa.ts';
import { validarSenha } from '../../credenciais/domain/senha.ts';
import { EmailJaCadastradoError, type NomeInvalidoError } from '../domain/recusa.ts';
import { normalizarEmail, type Papel, Usuario } from '../domain/usuario.ts';
import type { CodigosDeEmail, UsuariosRepository } from './ports.ts';

/** Opens an account. */
export interface SignupCommand {
  readonly nome: string;
  readonly email: string;
  readonly senha: string;
  readonly papeis: readonly Papel[];
  /** For an address that needs no proof. */
  readonly emailVerificado?: boolean;
  /** Network address of the client; nobody's when the installation makes the account itself. */
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
  readonly usuarios: UsuariosRepository;
  readonly hasher: PasswordHasher;
  readonly codigos: CodigosDeEmail;
  readonly attempts: Attempts;
  readonly ids: IdGenerator;
  readonly clock: Clock;
}

/** A lost id counter may give out numbers again; this many in a row would be another problem. */
const MAX_ID_ATTEMPTS = 5;
/** As long as answers are kept under a key elsewhere. */
const REPEATABLE_MS = 24 * 3_600_000;

export class SignupHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: SignupCommand): Promise<Result<SignedUp, SignupRefused>> {
    const { hasher, attempts } = this.#deps;
    const senha = validarSenha(command.senha, command);
    if (senha.isFailure) return senha;
    const { endereco } = command;
    const wait = endereco === undefined ? 0 : await attempts.begin({ endereco });
    if (wait > 0) return Result.fail(new MuitasTentativasError(wait));
    const repetido = await this.#repeated(command);
    if (repetido) return Result.ok(repetido);
    const senhaHash = await hasher.hash(command.senha, endereco ?? '');
    return this.#open(command, senhaHash);
  }

  async #open(command: SignupCommand, senhaHash: string): Promise<Result<SignedUp, SignupRefused>> {
    const { usuarios, ids } = this.#deps;
    for (let attempt = 0; attempt < MAX_ID_ATTEMPTS; attempt++) {
      const id = await ids.next('cli');
      const registrado = this.#registrar(command, id, senhaHash);
      if (registrado.isFailure) return registrado;
      const usuario = registrado.value;
      const outcome = await usuarios.insert(usuario, command.chave);
      if (outcome === 'ok') return Result.ok({ usuario, repetido: false });
      if (outcome === 'id-taken') continue;
      // It may be this very sign-up, which came twice at once.
      const repetido = await this.#repeated(command);
      return repetido ? Result.ok(repetido) : Result.fail(new EmailJaCadastradoError());
    }
    throw new Error(`${MAX_ID_ATTEMPTS} ids in a row were taken`);
  }

  /**
   * The same sign-up, with the same key, is answered with its account again. Whoever does not know everything that was
   * sent, key and password too, learns no more than that the address is taken.
   */
  async #repeated(command: SignupCommand): Promise<SignedUp | undefined> {
    const { usuarios, hasher, clock } = this.#deps;
    const { chave } = command;
    if (chave === undefined) return undefined;
    const cadastro = { chave, nome: normalizarTexto(command.nome), email: normalizarEmail(command.email) };
    const desde = new Date(clock.now().getTime() - REPEATABLE_MS);
    const usuario = await usuarios.openedBy(cadastro, desde);
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
