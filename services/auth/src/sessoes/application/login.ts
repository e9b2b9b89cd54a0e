import type { Clock } from '@plataforma/domain/clock';
import { normalizarEmail } from '@plataforma/domain/email';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Auditoria } from '../../auditoria/application/ports.ts';
import type { ConsultaDeUsuarios, ContasDoEmail, Transacao } from '../../contas/application/ports.ts';
import { podeEntrar, type Usuario } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import { beginAttempt } from '../../credenciais/application/begin-attempt.ts';
import type { Attempts, Devices, PasswordHasher } from '../../credenciais/application/ports.ts';
import { conhecido } from '../../credenciais/domain/aparelho.ts';
import { CredenciaisInvalidasError, MuitasTentativasError } from '../../credenciais/domain/recusa.ts';
import type { LetIn, LetInHandler } from './let-in.ts';

/** A person says who they are, by e-mail and password. */
export interface LoginCommand {
  readonly email: string;
  readonly senha: string;
  readonly origem: Origem;
}

/** What a login brings. */
export interface LoggedIn {
  readonly entrada: LetIn;
  /** What the device keeps, to be known here; none where the account has not verified the address. */
  readonly aparelho: string | undefined;
}

/** An account whose password was given. */
interface Proved {
  readonly usuario: Usuario;
  readonly senhaHash: string;
  /** Of the same password, when its hash was made in another way than new ones are. */
  readonly novo?: string;
}

interface Deps {
  readonly consulta: ConsultaDeUsuarios;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly hasher: PasswordHasher;
  readonly letIn: LetInHandler;
  readonly attempts: Attempts;
  readonly devices: Devices;
  readonly auditoria: Auditoria;
  readonly clock: Clock;
}

export class LoginHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({
    email,
    senha,
    origem,
  }: LoginCommand): Promise<Result<LoggedIn, CredenciaisInvalidasError | MuitasTentativasError>> {
    const { uow, letIn, attempts, devices, consulta } = this.#deps;
    const conta = normalizarEmail(email);
    const aparelho = await this.#conhecido(conta, origem);
    // Before the queue of hashes: a client that guesses must not make others wait there.
    const { attempt, wait, quem } = await beginAttempt(attempts, {
      ...{ endereco: origem.endereco, email: conta, aparelho },
    });
    if (wait > 0) return Result.fail(new MuitasTentativasError(wait));
    const contas = await consulta.comEmail(attempt.email);
    const proved = await this.#proved(contas, senha, quem);
    if (!proved) {
      await this.#recusado(contas.titular ?? contas.provisoria, origem);
      return Result.fail(new CredenciaisInvalidasError());
    }
    const { usuario, senhaHash, novo } = proved;
    const titular = usuario.estado.emailVerificado;
    await attempts.succeeded(attempt, titular);
    if (novo !== undefined)
      await uow.run(({ usuarios }) => usuarios.rehash(usuario.estado.id, senhaHash, novo));
    const entrada = await letIn.execute(usuario, origem, 'pwd');
    if (entrada)
      return Result.ok({
        entrada,
        aparelho: titular ? devices.issue(usuario.estado, aparelho) : undefined,
      });
    await this.#recusado(await consulta.findById(usuario.estado.id), origem);
    return Result.fail(new CredenciaisInvalidasError());
  }

  /** Accounts are looked up for who has a token of ours for the address alone: of all others nothing tells whether it has one. */
  async #conhecido(email: string, { aparelho: token }: Origem): Promise<string | undefined> {
    const { consulta, devices } = this.#deps;
    const aparelho = devices.recognise(token, email);
    if (aparelho === undefined) return undefined;
    const { titular } = await consulta.comEmail(email);
    return conhecido(aparelho, titular && devices.dono(titular.estado));
  }

  /**
   * The account of the address that the password opens. The one that has verified it comes first; a failure costs two
   * verifications, whichever accounts there are. Only now is the password at hand, to be hashed as new ones are.
   */
  #proved({ titular, provisoria }: ContasDoEmail, senha: string, quem: string): Promise<Proved | undefined> {
    const { hasher } = this.#deps;
    return hasher.turno(quem, async (turno) => {
      for (const usuario of [titular, provisoria]) {
        const senhaHash = usuario?.estado.senhaHash ?? null;
        const matches = await turno.verify(senhaHash, senha);
        if (!matches || !usuario || senhaHash === null || !podeEntrar(usuario.estado)) continue;
        return { usuario, senhaHash, ...(hasher.outdated(senhaHash) && { novo: await turno.hash(senha) }) };
      }
      return undefined;
    });
  }

  /** The same for every account and for none, so that the time that it takes tells nothing. */
  #recusado(usuario: Usuario | undefined, origem: Origem): Promise<void> {
    const { auditoria, clock } = this.#deps;
    const usuarioId = usuario?.estado.id;
    return auditoria.registrar({ tipo: 'LOGIN', resultado: 'RECUSADO', usuarioId, origem, em: clock.now() });
  }
}
