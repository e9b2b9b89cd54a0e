import type { Clock } from '@plataforma/domain/clock';
import { normalizarEmail } from '@plataforma/domain/email';
import { type IdGenerator, withNewId } from '@plataforma/domain/id';
import { Result } from '@plataforma/domain/result';
import { normalizarTexto } from '@plataforma/domain/texto';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Transacao as DosAvisos } from '../../avisos/application/ports.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { Attempts, PasswordHasher, PasswordPolicy } from '../../credenciais/application/ports.ts';
import { MuitasTentativasError, type SenhaFracaError } from '../../credenciais/domain/recusa.ts';
import type { NomeInvalidoError } from '../domain/recusa.ts';
import { cedeLugar, Usuario } from '../domain/usuario.ts';
import type { CodigosDeEmail, ConsultaDeUsuarios, ContasDoEmail, Transacao, Volta } from './ports.ts';

/** Opens an account. */
export interface SignupCommand {
  readonly nome: string;
  readonly email: string;
  readonly senha: string;
  readonly origem: Origem;
  /** `Idempotency-Key` of the call. */
  readonly chave?: string;
}

/** The account, and whether it had been opened by the same sign-up before. */
export interface SignedUp {
  readonly usuario: Usuario;
  readonly repetido: boolean;
}

type SignupRefused = SenhaFracaError | MuitasTentativasError | NomeInvalidoError;

interface Deps {
  readonly consulta: ConsultaDeUsuarios;
  readonly uow: Pick<UnitOfWork<Transacao & DosAvisos>, 'run'>;
  readonly policy: PasswordPolicy;
  readonly hasher: PasswordHasher;
  readonly codigos: CodigosDeEmail;
  readonly attempts: Attempts;
  readonly ids: IdGenerator;
  readonly clock: Clock;
}

/** As long as answers are kept under a key elsewhere. */
const REPEATABLE_MS = 24 * 3_600_000;

/** The owner of an address hears of sign-ups with it at most once in this time. */
const AVISO_MS = 3_600_000;

/**
 * Opens an account with any address, so that its answer tells nobody which addresses have one. An address belongs to the
 * account that has verified it; of those that have not, the last one can be entered.
 */
export class SignupHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: SignupCommand): Promise<Result<SignedUp, SignupRefused>> {
    const { consulta, policy, hasher, attempts } = this.#deps;
    const { endereco } = command.origem;
    const wait = await attempts.begin({ endereco });
    if (wait > 0) return Result.fail(new MuitasTentativasError(wait));
    const senha = policy.check(command.senha, command);
    if (senha.isFailure) return senha;
    const vista = await this.#abertaCom(command, consulta);
    const repetido = await this.#repeated(command, vista);
    if (repetido) return Result.ok(repetido);
    return this.#open(command, await hasher.hash(command.senha, endereco), vista);
  }

  /** @param vista an account that was opened with this key, name and address, and is another one all the same. */
  async #open(
    command: SignupCommand,
    senhaHash: string,
    vista: Usuario | undefined,
  ): Promise<Result<SignedUp, SignupRefused>> {
    const { uow, ids } = this.#deps;
    const outcome = await withNewId(ids, 'cli', (id) =>
      uow.run(async (tx) => {
        const contas = await tx.usuarios.comEmailParaAbrir(normalizarEmail(command.email));
        const aberta = await this.#abertaCom(command, tx.usuarios);
        if (aberta && aberta.estado.id !== vista?.estado.id) return { aberta };
        return { added: await this.#add(tx, command, { id, senhaHash }, contas) };
      }),
    );
    if (outcome.added) return outcome.added;
    // It may be this very sign-up, which came twice at once.
    const repetido = await this.#repeated(command, outcome.aberta);
    return repetido ? Result.ok(repetido) : this.#open(command, senhaHash, outcome.aberta);
  }

  async #add(
    tx: Transacao & DosAvisos,
    command: SignupCommand,
    { id, senhaHash }: { readonly id: string; readonly senhaHash: string },
    { titular, provisoria }: ContasDoEmail,
  ): Promise<Result<SignedUp, SignupRefused>> {
    const { codigos, clock } = this.#deps;
    const { usuarios } = tx;
    const { nome, email, origem, chave } = command;
    const em = clock.now();
    const substituida = provisoria !== undefined && !cedeLugar(provisoria.estado);
    const volta = await usuarios.voltaPara(normalizarEmail(email), em);
    const codigo = codigos.emitir({ usuarioId: id, email: normalizarEmail(email) }, em);
    const registrado = Usuario.registrar({
      ...{ id, nome, email, senhaHash, papeis: ['CLIENTE'], substituida, em },
      codigoVerificacao: titular || volta || substituida ? '' : codigo,
    });
    if (registrado.isFailure) return registrado;
    if (provisoria && !substituida) {
      provisoria.substituir(em);
      await usuarios.save(provisoria);
    }
    await usuarios.add(registrado.value, chave);
    const endereco = { email: normalizarEmail(email), titular, volta };
    await avisarTitular(tx, endereco, origem, em);
    return Result.ok({ usuario: registrado.value, repetido: false });
  }

  #abertaCom(
    { chave, nome, email }: SignupCommand,
    contas: Pick<ConsultaDeUsuarios, 'abertaCom'>,
  ): Promise<Usuario | undefined> {
    if (chave === undefined) return Promise.resolve(undefined);
    const cadastro = { chave, nome: normalizarTexto(nome), email: normalizarEmail(email) };
    return contas.abertaCom(cadastro, new Date(this.#deps.clock.now().getTime() - REPEATABLE_MS));
  }

  /**
   * The same sign-up, with the same key, is answered with its account again. One that does not say everything that was
   * sent, key and password too, is another sign-up.
   */
  async #repeated(
    { senha, origem }: SignupCommand,
    aberta: Usuario | undefined,
  ): Promise<SignedUp | undefined> {
    if (!aberta?.estado.ativo) return undefined;
    const same = await this.#deps.hasher.verify(aberta.estado.senhaHash, senha, origem.endereco);
    return same ? { usuario: aberta, repetido: true } : undefined;
  }
}

/** Whoever the address belongs to hears of it there, also while it only may come back to their account. */
async function avisarTitular(
  { usuarios, avisos }: Transacao & DosAvisos,
  { email, titular, volta }: { email: string; titular: Usuario | undefined; volta: Volta | undefined },
  origem: Origem,
  em: Date,
): Promise<void> {
  const usuarioId = titular?.estado.id ?? volta?.usuarioId;
  if (usuarioId === undefined) return;
  const desde = new Date(em.getTime() - AVISO_MS);
  if (!(await usuarios.marcarCadastroRepetido(usuarioId, em, desde))) return;
  const onde = titular || !volta ? {} : { email, voltaAte: volta.ate };
  await avisos.avisar({ usuarioId, tipo: 'CADASTRO_REPETIDO', origem, em, ...onde });
}
